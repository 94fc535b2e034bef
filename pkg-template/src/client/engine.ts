// What differs between the engines that the package runs in.

let checked;
let isForeign;

/** Does the global fetch refuse signals of the global AbortController? So it is where a test environment replaces one. */
function refuses(AbortController) {
  try {
    new Request("http://localhost", { signal: new AbortController().signal });
  } catch {
    return typeof Request === "function";
  }
}

/** Makes a controller whose signal fetch takes. */
export function abortController() {
  if (checked !== AbortController) {
    checked = AbortController;
    isForeign = refuses(checked);
  }
  // The only one of Node.js' own that can be had then.
  const make = isForeign && globalThis.process?.getBuiltinModule?.("util").transferableAbortController;
  return make ? make() : new AbortController();
}

/** How requests treat the cache of the engine; Cloudflare's older runtimes refuse the option. */
export const uncached = () => (globalThis.navigator?.userAgent === "Cloudflare-Workers" ? {} : { cache: "no-store" });
