import { Core, instantiate } from "../wasm/users/glue.js";
import { HttpResponsePromise } from "./answers.ts";
import { define } from "./objects.ts";
import { place as locate } from "./errors.ts";
import { callArguments, unlistedArguments } from "./arguments.ts";
import { compile } from "./compile.ts";
import { settled } from "./outcome.ts";
import { Permissions, readOperations } from "./permissions.ts";

/** Compiles and starts the module, once. After a failure the next call tries again. */
export function start(load) {
  if (started) return;
  instantiate(compile(load()));
  started = true;
}

let started = false;

/** Begins a call of a method. If its arguments are wrong, the promise rejects with an error that names it; none throws. */
function begin(name, site, work) {
  return new Promise((resolve, reject) => {
    try {
      work(site, resolve, reject);
    } catch (error) {
      reject(locate(error, name, site));
    }
  });
}

/**
 * The class, with the module that `load` gives. The first `new` starts the module, so that importing does nothing and
 * cannot fail.
 */
export function lazy(load) {
  let operations;

  class ManagementClient {
    #core;
    #headers;
    #permissions;

    constructor(options) {
      start(load);
      try {
        this.#core = new Core(options, (csrf) => this.#permissions.forget(csrf));
      } catch (error) {
        throw locate(error, "", new Error());
      }
      this.#headers = this.#core.headers();
      operations ??= readOperations(Core.operations());
      this.#permissions = new Permissions(operations, this, this.#core);
      operations.forEach((operation, place) => this.#define(operation, place));
    }

    /** The same, with a type that has only what the token of a signed-in user allows. */
    static forCurrentUser(options) {
      return new ManagementClient(options);
    }

    /** Gives the client the method that an operation is named after, such as users.roles.list. */
    #define(operation, place) {
      const { name, isList } = operation;
      const path = name.split(".");
      const last = path.pop();
      const parent = path.reduce((object, part) => {
        if (!Object.hasOwn(object, part)) define(object, { [part]: {} });
        return object[part];
      }, this);
      define(parent, {
        [last]: (...given) => {
          const answer = begin(name, new Error(), (site, resolve, reject) => {
            const read = callArguments(operation, given, this.#headers);
            this.#core.call(place, given, read, site, resolve, reject);
          });
          return isList ? answer : HttpResponsePromise.from(settled(answer, this, name, given));
        },
      });
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
      const answer = begin("request", new Error(), (site, resolve, reject) => {
        this.#core.request(unlistedArguments(what, options, this.#headers), site, resolve, reject);
      });
      return HttpResponsePromise.from(settled(answer, this));
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
