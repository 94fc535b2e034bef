// One set of declarations for both module systems, so that a type is the same however it was imported.
export * from "./index.cjs";
