import type { AbortSignalLike } from "./responses.ts";

/**
 * An access token of the Management API, a promise of one, or a function that gives them.
 *
 * A function that returns a string is called for each request, in the async context of the call (`AsyncLocalStorage`), so
 * it may return the token of the user who makes the request. A function that returns `{ token, expiresAt }` must return a
 * token of the client: it is kept until shortly before it expires, and sent with the requests of every user of the client.
 * When the server refuses a token, the function is called once more, and the request is sent again.
 */
export type TokenSource = string | Promise<string> | ((context: TokenContext) => Token | Promise<Token>);

/** What a token function is told. */
export interface TokenContext {
  /** Why a token is needed: there was none, it is about to expire, or the server has refused it. */
  reason: "initial" | "expiring" | "rejected";
  /** Aborted when no call waits for the token any more. */
  signal: AbortSignalLike;
}

/** A token, and with it the time from which it is not valid any more, in milliseconds or as a date. */
export type Token = string | { token: string; expiresAt: number | Date };

/**
 * Where tokens are also kept, such as a cache that several processes share. A store never ends a call that can get a
 * token: one that throws, rejects, does not answer `get` within 2 s, or returns something else counts as empty, and
 * no call waits for `set`.
 */
export interface TokenStore {
  get(key: string): StoredToken | null | undefined | Promise<StoredToken | null | undefined>;
  set(key: string, token: StoredToken): unknown;
}

/** A token, and the time from which it is not valid any more, in milliseconds since the epoch. */
export interface StoredToken {
  token: string;
  expiresAt: number;
}
