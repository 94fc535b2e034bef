// Where tokens come from: a function of the caller's, or the tenant itself.

import type { StoredToken, TokenContext, TokenStore } from "../types/tokens.ts";
import { check } from "./argument-errors.ts";
import { clientCredentials, isToken } from "./client-credentials.ts";
import type { ClientOptions } from "./client-options.ts";
import { own, record } from "./objects.ts";
import { singleFlight } from "./single-flight.ts";
import { within } from "./timers.ts";

/** How long a store may take, in milliseconds. */
const STORE_TIMEOUT_MS = 2_000;
/** A token is replaced this long before it expires, or at nine tenths of its life if that is later. */
const EARLY_MS = 60_000;

/** What gives tokens: the context says why one is needed. */
export type Ask = (context: TokenContext & { signal: AbortSignal }) => unknown;

/** A token, with its expiry and the time from which another one is asked for, where it has an expiry. */
interface TimedToken {
  token: unknown;
  expiresAt?: number;
  renewAt?: number;
}

/** Reads what a function or a store has given. */
function timed(given: unknown): TimedToken {
  if (typeof given !== "object" || given === null) return record({ token: given });
  const token = own(given, "token");
  // What cannot be sent must not be kept until it expires.
  if (!isToken(token)) return record({ token });
  const expiresAt = Number(own(given, "expiresAt"));
  check(Number.isFinite(expiresAt), "token must give an expiresAt that is a date or a number of milliseconds");
  const lifetime = expiresAt - Date.now();
  return record({ token, expiresAt, renewAt: Date.now() + Math.max(lifetime - EARLY_MS, lifetime * 0.9) });
}

/** Reads a store. One that fails or hangs has nothing, so that it does not end a call that can get a token. */
function storeReader(store: TokenStore | undefined, key: string): () => Promise<TimedToken | undefined> {
  let reading: Promise<TimedToken | undefined> | undefined;
  let isHung = false;
  return async () => {
    if (!store || isHung) return reading;
    isHung = true;
    const got = (async () => store.get(key))().finally(() => (isHung = false));
    reading = within(STORE_TIMEOUT_MS, got)
      .then(timed)
      .catch(() => undefined)
      .finally(() => (reading = undefined));
    return reading;
  };
}

/** Puts a token into a store. The call has its token, whatever becomes of this. */
function keep(store: TokenStore, key: string, token: StoredToken): void {
  (async () => store.set(key, token))().catch(() => {});
}

/**
 * A function that gives tokens. `ask` is called with a reason; it gives a token, or `{ token, expiresAt }`, which is
 * kept, here and in the store under the key. `rejected` is a token that the server refused.
 *
 * A token without an expiry may be that of the user who makes a request, so it serves only the call in whose async
 * context it was asked for. One with an expiry belongs to the client.
 */
function tokenSupplier(ask: Ask, store: TokenStore | undefined, key: string, isAlwaysShared?: true) {
  let kept: TimedToken | undefined;
  let isShared: boolean | undefined = isAlwaysShared;
  const stored = storeReader(store, key);

  async function renew(signal: AbortSignal, reason: TokenContext["reason"], rejected: unknown): Promise<TimedToken> {
    let given = isShared !== false ? await stored() : undefined;
    if (!given || !((given.renewAt ?? 0) > Date.now()) || given.token === rejected) {
      given = timed(await ask({ reason, signal }));
      const { token, expiresAt } = given;
      isShared = expiresAt !== undefined;
      if (store && expiresAt !== undefined && expiresAt > Date.now()) {
        keep(store, key, { token: token as string, expiresAt });
      }
    }
    if (given.renewAt) {
      isShared = true;
      kept = given;
    }
    return given;
  }

  const renewForAll = singleFlight(renew);

  return async (rejected: unknown, signal: AbortSignal): Promise<unknown> => {
    if (kept && kept.token === rejected) kept = undefined;
    if (kept?.renewAt && Date.now() < kept.renewAt) return kept.token;
    const reason = rejected ? "rejected" : kept ? "expiring" : "initial";
    if (isShared) {
      const { result, isFirst } = renewForAll(signal, reason, rejected);
      const { token, renewAt } = await result;
      // The function may have changed its kind, and the token may be one that was refused already.
      if (isFirst || (renewAt && token !== rejected)) return token;
    }
    return (await renew(signal, reason, rejected)).token;
  };
}

/** What a client with these options sends: a token, a function that supplies them, or undefined for none. */
export function tokenOf(options: ClientOptions): unknown {
  const { token, clientId, domain, tokenStore, tokenStoreKey: key, call } = options;
  const audience = options.audience ?? `https://${domain}/api/v2/`;
  check(!key || tokenStore, "tokenStore is required with tokenStoreKey");
  if (clientId !== undefined) {
    const ask = clientCredentials(options, clientId, audience);
    return tokenSupplier(ask, tokenStore, key ?? `auth0-users:${clientId}:${audience}`, true);
  }
  for (const name of ["clientSecret", "clientAssertionSigningKey", "clientAssertionSigningAlg", "audience"] as const) {
    check(options[name] === undefined, `clientId is required with ${name}`);
  }
  // A server behind a base URL may add the token; the tenant behind a domain does not.
  check(token ?? call.baseUrl, "token is required with domain, or clientId and clientSecret in its place");
  check(!tokenStore || typeof token === "function", "tokenStore is for tokens of a function or of clientId");
  check(
    !tokenStore || key,
    "tokenStoreKey is required with tokenStore and a token function; clients with the same key share their tokens",
  );
  if (token === undefined || typeof token === "string") return token;
  const ask: Ask = typeof token === "function" ? (token as Ask) : () => token;
  return tokenSupplier(async (context) => ask(context), tokenStore, key ?? "");
}
