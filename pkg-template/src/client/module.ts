// The module of the client: compiled and started once.

import { initSync } from "../wasm/users/glue.js";
import { compile } from "./compile.ts";

let isStarted = false;

/** Compiles and starts the module, once. After a failure the next call tries again. */
export function start(load: () => BufferSource | WebAssembly.Module): void {
  if (isStarted) return;
  initSync({ module: compile(load()) });
  isStarted = true;
}
