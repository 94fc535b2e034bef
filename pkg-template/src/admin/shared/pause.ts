import type { AbortSignalLike } from "auth0-users";

import { unlessAborted } from "./signals.ts";

/** Resolves after some milliseconds; rejects with the signal's own reason if that aborts first. */
export async function pause(milliseconds: number, signal: AbortSignalLike | null | undefined): Promise<void> {
  let timer;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await unlessAborted(signal, elapsed);
  } finally {
    clearTimeout(timer);
  }
}
