/** How long tests wait for what has to come, in milliseconds: long, since a machine may be busy with much else. */
export const PATIENCE_MS = 120_000;
