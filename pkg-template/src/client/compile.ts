/** Compiles a module, unless it is one already. What refuses it is not always clear, so the error says what to look at. */
export function compile(source: BufferSource | WebAssembly.Module): WebAssembly.Module {
  try {
    // By its name: in Next.js' edge runtime a module is not of the class that the same global has there.
    const isModule = Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
    return isModule ? source : new WebAssembly.Module(source as BufferSource);
  } catch (cause) {
    throw new Error(refusal(), { cause });
  }
}

function refusal(): string {
  return typeof WebAssembly === "undefined"
    ? "auth0-users needs WebAssembly, which is switched off here; Lockdown Mode on Apple devices does that"
    : "auth0-users cannot start its WebAssembly module. If the page has a Content-Security-Policy, " +
        "add 'wasm-unsafe-eval' to its script-src. An edge runtime has to import the package " +
        'under its condition, "workerd" or "edge-light"';
}
