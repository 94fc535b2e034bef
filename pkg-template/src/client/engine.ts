// What differs between the engines that the package runs in.

import { globalValue } from "./objects.ts";

let checked: typeof AbortController | undefined;
let isForeign = false;

/** Does the global fetch refuse signals of the global AbortController? So it is where a test environment replaces one. */
function refuses(Controller: typeof AbortController): boolean {
  try {
    new Request("http://localhost", { signal: new Controller().signal });
    return false;
  } catch {
    return typeof Request === "function";
  }
}

/** Makes a controller whose signal fetch takes. */
export function abortController(): AbortController {
  if (checked !== AbortController) {
    checked = AbortController;
    isForeign = refuses(checked);
  }
  // The only one of Node.js' own that can be had then.
  const util = isForeign ? globalValue("process")?.getBuiltinModule?.("util") : undefined;
  return util?.transferableAbortController?.() ?? new AbortController();
}

/** Returns whether this is Cloudflare's runtime. */
export const isWorkerd = (): boolean => globalValue("navigator")?.userAgent === "Cloudflare-Workers";

/** How requests treat the cache of the engine; Cloudflare's older runtimes refuse the option. */
export const uncached = (): { cache?: "no-store" } => (isWorkerd() ? {} : { cache: "no-store" });
