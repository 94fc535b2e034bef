// What a token allows, or a proxy.

import { own } from "./objects.ts";
import { check } from "./errors.ts";

const words = (text) => text.split(" ").filter(Boolean);

/** The operations of the module, in their order, from the lines that it writes. */
export function readOperations(text) {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [name, marks, kind, required, optional, scopes] = line.split(",");
      return {
        name,
        isList: marks.includes("*"),
        needsAll: marks.includes("+"),
        ids: marks.split("i").length - 1,
        kind,
        required: words(required),
        known: words(`${required} ${optional}`),
        scopes: words(scopes),
      };
    });
}

/** The scopes that a token names; undefined if it does not tell. */
function scopesOf(token) {
  try {
    const payload = token.split(".")[1].replace(/[-_]/g, (char) => (char === "-" ? "+" : "/"));
    const { scope, permissions } = { __proto__: null, ...JSON.parse(atob(payload)) };
    if (scope !== undefined || permissions) return [...(scope ?? "").split(" "), ...(permissions ?? [])];
  } catch {}
}

export class Permissions {
  #operations;
  #client;
  #core;
  /** What the proxy has told, and its csrf once that is known. */
  #told;
  #csrf;

  constructor(operations, client, core) {
    this.#operations = operations;
    this.#client = client;
    this.#core = core;
  }

  #find(name) {
    const operation = this.#operations.find((operation) => operation.name === name);
    check(operation, `operation must be the name of a method, such as "users.get"; ${String(name)} is none`);
    return operation;
  }

  async can(name) {
    const { scopes, needsAll } = this.#find(name);
    const token = await this.#core.token(new AbortController().signal);
    if (token === undefined) {
      const operations = own(await this.capabilities(), "operations");
      return (own(operations, name) ?? false) !== false;
    }
    const granted = scopesOf(token);
    const isGranted = (scope) => granted.includes(scope);
    // The server has the last word, whatever the token is made of.
    return !granted || (needsAll ? scopes.every(isGranted) : scopes.some(isGranted));
  }

  /** What the proxy allows: read once, unless the answer may depend on who makes the call. */
  async capabilities() {
    const request = () => this.#client.request({ method: "GET", path: ["-", "capabilities"] });
    if (this.#core.asks()) return request();
    this.#told ??= request();
    try {
      const told = await this.#told;
      this.#csrf = own(told, "csrf");
      return told;
    } catch (error) {
      this.#told = undefined;
      throw error;
    }
  }

  /** What came with this csrf is out of date. */
  forget(csrf) {
    if (csrf && csrf === this.#csrf) this.#told = this.#csrf = undefined;
  }

  requiredScopes(names) {
    check(Array.isArray(names), 'operations must be an array of names, such as ["users.get"]');
    const needed = names.flatMap((name) => {
      const { scopes, needsAll } = this.#find(name);
      return needsAll ? scopes : scopes.slice(0, 1);
    });
    return [...new Set(needed)].sort();
  }
}
