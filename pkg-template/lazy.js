import { Core, instantiate } from "./bindgen/glue.js";
import { HttpResponsePromise } from "./bindgen/js/answers.js";
import { settled } from "./outcome.js";
import { Permissions, readOperations } from "./permissions.js";

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
  let operations;

  class ManagementClient {
    #core;
    #permissions;

    constructor(options) {
      start(load);
      this.#core = new Core(options);
      operations ??= readOperations(Core.operations());
      this.#permissions = new Permissions(operations, this, this.#core);
      operations.forEach(({ name, isList }, place) => this.#define(name, isList, place));
    }

    /** The same, with a type that has only what the token of a signed-in user allows. */
    static forCurrentUser(options) {
      return new ManagementClient(options);
    }

    /** Gives the client the method that an operation is named after, such as users.roles.list. */
    #define(name, isList, place) {
      const path = name.split(".");
      const last = path.pop();
      const parent = path.reduce((object, part) => (object[part] ??= {}), this);
      parent[last] = {
        [last]: (...given) => {
          const answer = this.#core.call(place, [...given]);
          return isList ? answer : HttpResponsePromise.from(settled(answer, this, name, given));
        },
      }[last];
    }

    can(operation) {
      return this.#permissions.can(operation);
    }

    capabilities() {
      return this.#permissions.capabilities();
    }

    requiredScopes(names) {
      return this.#permissions.requiredScopes(names);
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
