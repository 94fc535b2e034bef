import { ManagementClient, initSync } from "./bindgen/glue.js";

/** Compiles and starts the module, once. After a failure the next call tries again. */
export function start(load) {
  if (started) return;
  const source = load();
  let module;
  try {
    module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  } catch (cause) {
    throw new Error(refusal(), { cause });
  }
  initSync({ module });
  started = true;
}

let started = false;

function refusal() {
  return typeof WebAssembly === "undefined"
    ? "auth0-users needs WebAssembly, which is switched off here; Lockdown Mode on Apple devices does that"
    : "auth0-users cannot start its WebAssembly module. If the page has a Content-Security-Policy, " +
        "add 'wasm-unsafe-eval' to its script-src. An edge runtime has to import the package " +
        'under its condition, "workerd" or "edge-light"';
}

/**
 * ManagementClient as a class that starts the module when it is first constructed, so that importing does nothing and
 * cannot fail. A Proxy and not a subclass: instanceof, statics, subclassing and the name stay those of the class.
 */
export function lazy(load) {
  return new Proxy(ManagementClient, {
    construct(target, args, newTarget) {
      start(load);
      return Reflect.construct(target, args, newTarget);
    },
  });
}
