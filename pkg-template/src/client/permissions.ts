// What a token allows, or a proxy.

import type { Capabilities } from "../types/capabilities.ts";
import { check } from "./argument-errors.ts";
import { own, record, split } from "./objects.ts";
import { OPERATIONS, type Operation, type OperationName } from "./operations.ts";

/** The scopes that a token names; undefined if it does not tell. */
function scopesOf(token: unknown): string[] | undefined {
  try {
    const [, payload = ""] = (token as string).split(".");
    const claims = atob(payload.replace(/[-_]/g, (char) => (char === "-" ? "+" : "/")));
    const { scope, permissions } = record(JSON.parse(claims) as { scope?: string; permissions?: string[] });
    if (scope !== undefined || permissions) return [...(scope ?? "").split(" "), ...(permissions ?? [])];
  } catch {}
  return undefined;
}

function find(name: OperationName): Operation {
  // The name of a property may be any value that has this text.
  const operation: unknown = typeof name === "string" ? own(OPERATIONS, name) : undefined;
  check(operation, `operation must be the name of a method, such as "users.get"; ${String(name)} is none`);
  return record(operation as Operation);
}

/** Returns the scopes that a token needs for these operations: of several that would do, the preferred one. */
export function requiredScopes(names: readonly OperationName[]): string[] {
  check(Array.isArray(names), 'operations must be an array of names, such as ["users.get"]');
  const needed = names.flatMap((name) => {
    const { scopes, needsAllScopes } = find(name as OperationName);
    return needsAllScopes ? split(scopes) : split(scopes).slice(0, 1);
  });
  return [...new Set(needed)].sort();
}

/** What a client asks for to know what it may do. */
interface Source {
  /** The token that a call would be sent with, or a promise of it; undefined if there is none. */
  token(signal: AbortSignal): unknown;
  /** Returns whether a function of the caller's takes part in each request. */
  asks(): boolean;
}

/** What a client may do. */
export class Permissions {
  readonly #source: Source;
  readonly #request: () => Promise<Capabilities>;
  #received: Promise<Capabilities> | undefined;
  /** The csrf of the proxy's answer, once that is known. */
  #csrf: unknown;

  /** `request` asks the proxy for its capabilities. */
  constructor(source: Source, request: () => Promise<Capabilities>) {
    this.#source = source;
    this.#request = request;
  }

  async can(name: OperationName): Promise<boolean> {
    const { scopes, needsAllScopes } = find(name);
    const token = await this.#source.token(new AbortController().signal);
    if (token === undefined) {
      const operations = own(await this.capabilities(), "operations");
      return (own(operations, name) ?? false) !== false;
    }
    const granted = scopesOf(token);
    // The server has the last word, whatever the token is made of.
    if (!granted) return true;
    const isGranted = (scope: string): boolean => granted.includes(scope);
    return needsAllScopes ? split(scopes).every(isGranted) : split(scopes).some(isGranted);
  }

  /** What the proxy allows: read once, unless the answer may depend on who makes the call. */
  async capabilities(): Promise<Capabilities> {
    if (this.#source.asks()) return this.#request();
    this.#received ??= this.#request();
    try {
      const received = await this.#received;
      this.#csrf = own(received, "csrf");
      return received;
    } catch (error) {
      this.#received = undefined;
      throw error;
    }
  }

  /** What came with this csrf is out of date. */
  invalidate(csrf: unknown): void {
    if (csrf && csrf === this.#csrf) this.#received = this.#csrf = undefined;
  }
}
