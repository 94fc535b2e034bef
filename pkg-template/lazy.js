import { Core, instantiate } from "./bindgen/glue.js";
import { HttpResponsePromise } from "./bindgen/js/answers.js";
import { settled } from "./outcome.js";

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
  instantiate(module);
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
 * The class, with the module that `load` gives. The first `new` starts the module, so that importing does nothing and
 * cannot fail.
 */
export function lazy(load) {
  class ManagementClient {
    #core;

    constructor(options) {
      start(load);
      this.#core = new Core(options);
      Core.names()
        .trim()
        .split(" ")
        .forEach((name, place) => this.#define(name, place));
    }

    /** Gives the client the method that an operation is named after, such as users.roles.list. */
    #define(name, place) {
      // A list is marked with a star.
      const isList = name.endsWith("*");
      const operation = isList ? name.slice(0, -1) : name;
      const path = operation.split(".");
      const last = path.pop();
      const parent = path.reduce((object, part) => (object[part] ??= {}), this);
      parent[last] = {
        [last]: (...given) => {
          const answer = this.#core.call(place, [...given]);
          return isList ? answer : HttpResponsePromise.from(settled(answer, this, operation, given));
        },
      }[last];
    }

    request(what, options) {
      return HttpResponsePromise.from(settled(this.#core.request(what, options), this));
    }

    get rateLimit() {
      return this.#core.rate_limit();
    }

    free() {
      this.#core.free();
    }
  }
  if (Symbol.dispose) ManagementClient.prototype[Symbol.dispose] = ManagementClient.prototype.free;
  return ManagementClient;
}
