// Where tokens come from: a function of the caller's, or the tenant itself.

import { defineHidden, own } from "./objects.ts";
import { abortController, uncached } from "./engine.ts";
import { check, invalidArgument, isManagementError, ManagementError, ManagementTimeoutError } from "./errors.ts";
import { globalValue } from "./objects.ts";
import { base64Url } from "./options.ts";

/** How long the tenant may take to give a token, in milliseconds. */
const TOKEN_TIMEOUT_MS = 10_000;
/** How long a store may take, in milliseconds. */
const STORE_TIMEOUT_MS = 2_000;
/** A token is replaced this long before it expires, or at nine tenths of its life if that is later. */
const EARLY_MS = 60_000;
/** The longest answer of the tenant that is read, in characters; one with a token has some 2,000. */
const LONGEST_ANSWER = 65_536;

/** Can it be sent in a header? */
const isToken = (value) => typeof value === "string" && /^[!-~]+$/.test(value);

/** Rejects with the error when the work takes longer. */
function within(ms, work, error) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(reject, ms, error)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Runs one piece of work at a time, for all that want it while it is under way. It is aborted when none of them waits. */
function singleFlight(work) {
  let current;
  return (signal, ...given) => {
    const isFirst = !current;
    if (isFirst) {
      const controller = new AbortController();
      const started = { waiting: 0, controller };
      const forget = () => {
        if (current === started) current = undefined;
      };
      controller.signal.addEventListener("abort", forget);
      started.result = work(controller.signal, ...given).finally(forget);
      current = started;
    }
    const joined = current;
    joined.waiting++;
    signal.addEventListener("abort", () => --joined.waiting || joined.controller.abort(signal.reason));
    return { result: joined.result, isFirst };
  };
}

/** A token with its expiry and the time from which another one is asked for, where it has an expiry. */
function timed(given) {
  if (typeof given !== "object" || given === null) return { __proto__: null, token: given };
  const token = own(given, "token");
  // What cannot be sent must not be kept until it expires.
  if (!isToken(token)) return { __proto__: null, token };
  const expiresAt = +own(given, "expiresAt");
  check(Number.isFinite(expiresAt), "token must give an expiresAt that is a date or a number of milliseconds");
  const lives = expiresAt - Date.now();
  return { __proto__: null, token, expiresAt, renewAt: Date.now() + Math.max(lives - EARLY_MS, lives * 0.9) };
}

/** Reads a store. One that fails or hangs has nothing, so that it does not end a call that can get a token. */
function storeReader(store, key) {
  let reading;
  let isHung = false;
  return () => {
    if (!store || isHung) return reading;
    isHung = true;
    const got = (async () => store.get(key))().finally(() => (isHung = false));
    reading = within(STORE_TIMEOUT_MS, got)
      .then(timed)
      .catch(() => {})
      .finally(() => (reading = undefined));
    return reading;
  };
}

/**
 * A function that gives tokens. `ask` is called with a reason; it gives a token, or `{ token, expiresAt }`, which is
 * kept, here and in the store under the key. `rejected` is a token that the server refused.
 *
 * A token without an expiry may be that of the user who makes a request, so it serves only the call in whose async
 * context it was asked for. One with an expiry belongs to the client.
 */
function tokenSupplier(ask, store, key, isShared) {
  let kept;
  const stored = storeReader(store, key);

  async function renew(signal, reason, rejected) {
    const known = isShared !== false && (await stored());
    let given = known;
    if (!(known?.renewAt > Date.now()) || known.token === rejected) {
      given = timed(await ask({ reason, signal }));
      isShared = given.renewAt !== undefined;
      if (store && given.expiresAt > Date.now()) {
        // The call has its token, whatever becomes of this.
        (async () => store.set(key, { token: given.token, expiresAt: given.expiresAt }))().catch(() => {});
      }
    }
    if (given.renewAt) {
      isShared = true;
      kept = given;
    }
    return given;
  }

  const renewForAll = singleFlight(renew);

  return async (rejected, signal) => {
    if (kept && kept.token === rejected) kept = undefined;
    if (kept && Date.now() < kept.renewAt) return kept.token;
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

/** A failure to get a token. One that may pass can be tried again, since nothing was sent yet. */
function failure(Type, isPassing, message, fields) {
  const error = new Type({ message: `token ${message}`, operation: "token", attempts: 1, ...fields });
  defineHidden(error, { isPassing });
  return error;
}

/** Asks the tenant for tokens with what an application has to show. */
function clientCredentials(options, audience) {
  const { domain, clientId, clientSecret, clientAssertionSigningAlg: alg, fetch, telemetryHeader } = options;
  const key = clientSecret === undefined && privateKey(options.clientAssertionSigningKey);

  async function post(form, signal) {
    const response = await (fetch ?? globalThis.fetch)(`https://${domain}/oauth/token`, {
      __proto__: null,
      method: "POST",
      ...uncached(),
      headers: { __proto__: null, ...telemetryHeader, "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      redirect: "manual",
      signal,
    });
    return granted(response, await textOf(response), form);
  }

  return async ({ signal }) => {
    const form = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, audience });
    if (key) {
      form.set("client_assertion", await assertion(clientId, domain, key, alg));
      form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    } else {
      form.set("client_secret", clientSecret);
    }
    const controller = abortController();
    const stop = () => controller.abort(signal.reason);
    signal.addEventListener("abort", stop);
    const late = failure(ManagementTimeoutError, true, "was not given in time", { code: "timeout" });
    try {
      return await within(TOKEN_TIMEOUT_MS, post(form, controller.signal), late);
    } catch (cause) {
      if (isManagementError(cause)) throw cause;
      throw failure(ManagementError, true, "was not given: the connection failed", { code: "network", cause });
    } finally {
      signal.removeEventListener("abort", stop);
      // What is left of an answer is not read.
      controller.abort();
    }
  };
}

/** The text of an answer, up to a limit. */
async function textOf(response) {
  const reader = response.body?.getReader?.();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = "";
  while (text.length <= LONGEST_ANSWER) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { __proto__: null, stream: true });
  }
  return text;
}

/** The token in an answer of the tenant. */
function granted({ ok, status, headers }, text, form) {
  let answer;
  try {
    if (text.length <= LONGEST_ANSWER) answer = JSON.parse(text);
  } catch {}
  const token = own(answer, "access_token");
  if (ok && isToken(token)) {
    const lives = own(answer, "expires_in") * 1_000;
    // Without a lifetime, the token serves the calls that wait for it, and no others.
    return { token, expiresAt: Date.now() + (lives > 0 && lives < Infinity ? lives : 0) };
  }
  const error = own(answer, "error");
  const errorCode = typeof error === "string" && /^[\w.-]{1,64}$/.test(error) ? error : undefined;
  const isPassing = status === 429 || status >= 500;
  const told = [status, errorCode].filter(Boolean).join(" ");
  const [after] = [headers.get("retry-after") * 1_000].filter((ms) => ms > 0 && ms < Infinity);
  // A server may echo what it was sent.
  const secrets = [form.get("client_secret"), form.get("client_assertion")].filter(Boolean);
  const body = secrets.reduce((body, secret) => body.replaceAll(secret, "***"), text.slice(0, LONGEST_ANSWER));
  throw failure(ManagementError, isPassing, `was refused by the tenant (${told})`, {
    code: status === 429 ? "rate_limited" : status >= 500 ? "server" : status >= 400 ? "unauthorized" : "bad_response",
    statusCode: status || undefined,
    errorCode,
    retryAfterMs: after,
    body,
  });
}

/** The bytes of a private key, as a text with a character for each. */
function privateKey(pem) {
  // Environment variables often hold line ends as they are written in a string.
  const text = pem.replace(/\\r|\\n|\s/g, " ");
  const [, label = "no PEM"] = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text) ?? [];
  const [, content] = /-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----/.exec(text) ?? [];
  let der = "";
  try {
    der = atob(content.replaceAll(" ", ""));
  } catch {}
  // A sequence, whole, in which the algorithm is rsaEncryption.
  const isWhole = der.startsWith("\x30\x82") && der.charCodeAt(2) * 256 + der.charCodeAt(3) === der.length - 4;
  check(
    label === "PRIVATE KEY" && isWhole && der.slice(0, 32).includes("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"),
    `clientAssertionSigningKey must be an RSA private key as PEM in PKCS #8, which begins with "BEGIN PRIVATE KEY"; ` +
      `this is ${label === "PRIVATE KEY" ? "cut off, or no RSA key" : label}. ` +
      "Convert an RSA key with: openssl pkcs8 -topk8 -nocrypt -in key.pem",
  );
  return Uint8Array.from(der, (char) => char.charCodeAt(0));
}

const algorithms = {
  __proto__: null,
  RS256: { __proto__: null, name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  RS384: { __proto__: null, name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  PS256: { __proto__: null, name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
};

/** A signed statement of who the application is, good for three minutes. */
async function assertion(clientId, domain, der, alg = "RS256") {
  const algorithm = algorithms[alg];
  const key = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]).catch((cause) => {
    throw Object.assign(invalidArgument("clientAssertionSigningKey is not a key that can sign"), { cause });
  });
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: `https://${domain}/`, iat: now, exp: now + 180 };
  const encode = (bytes) => base64Url(String.fromCharCode(...bytes));
  const json = (value) => encode(new TextEncoder().encode(JSON.stringify(value)));
  const signed = `${json({ alg })}.${json({ ...claims, jti: crypto.randomUUID() })}`;
  const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(signed));
  return `${signed}.${encode(new Uint8Array(signature))}`;
}

/** What asks the tenant for tokens, for an application that shows who it is. */
function credentials(options, audience) {
  const { domain, token, clientSecret, clientAssertionSigningKey, clientAssertionSigningAlg } = options;
  check(token === undefined, "token and clientId are two ways to get in; leave one of them out");
  check(domain, "domain is required with clientId");
  check(
    clientSecret || clientAssertionSigningKey,
    "clientSecret is required with clientId, or clientAssertionSigningKey in its place",
  );
  check(
    clientAssertionSigningAlg === undefined || algorithms[clientAssertionSigningAlg],
    `clientAssertionSigningAlg must be one of ${Object.keys(algorithms).join(", ")}`,
  );
  check(
    !(globalValue("window") && globalValue("document")) || options.dangerouslyAllowBrowser,
    "clientSecret in a page can be read by whoever visits it; send requests to a server of your own as baseUrl",
  );
  return clientCredentials(options, audience);
}

/** What a client with these options sends: a token, a function that supplies them, or undefined for none. */
export function tokenOf(options) {
  const { token, clientId, domain, tokenStore, tokenStoreKey: key, call } = options;
  const audience = options.audience ?? `https://${domain}/api/v2/`;
  check(!key || tokenStore, "tokenStore is required with tokenStoreKey");
  if (clientId !== undefined) {
    const ask = credentials(options, audience);
    return tokenSupplier(ask, tokenStore, key ?? `auth0-users:${clientId}:${audience}`, true);
  }
  for (const name of ["clientSecret", "clientAssertionSigningKey", "clientAssertionSigningAlg", "audience"]) {
    check(options[name] === undefined, `clientId is required with ${name}`);
  }
  // A server behind a base URL may add the token; the tenant behind a domain does not.
  check(token ?? call.baseUrl, "token is required with domain, or clientId and clientSecret in its place");
  const isFunction = typeof token === "function";
  check(!tokenStore || isFunction, "tokenStore is for tokens of a function or of clientId");
  check(
    !tokenStore || key,
    "tokenStoreKey is required with tokenStore and a token function; clients with the same key share their tokens",
  );
  if (token === undefined || typeof token === "string") return token;
  return tokenSupplier(async (context) => (isFunction ? token(context) : token), tokenStore, key);
}
