// Where tokens come from: a function of the caller's, or the tenant itself, asked once for many calls.

import { hide } from "./answers.js";
import { check, ManagementError, ManagementTimeoutError } from "./errors.js";
import { base64Url } from "./options.js";

/** How long the tenant may take to give a token, in milliseconds. */
const TOKEN_TIMEOUT_MS = 10_000;
/** A token is replaced this long before it expires, or at nine tenths of its life if that is later. */
const EARLY_MS = 60_000;

/** One piece of work at a time, for all who want it while it is under way. It is given up when none of them waits. */
function shared(work) {
  let current;
  return (signal, ...given) => {
    if (!current) {
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
    const leave = () => --joined.waiting || joined.controller.abort(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    return joined.result;
  };
}

/**
 * A function that gives tokens. `ask` is called with a reason; it gives a token, or `{ token, expiresAt }`, which is
 * kept, here and in the store under the key. `rejected` is a token that the server refused.
 */
function tokenSupplier(ask, store, key) {
  let kept;

  /** A token with the time from which another one is asked for. */
  function timed(given) {
    if (typeof given !== "object" || given === null) return { token: given };
    const { token, expiresAt } = given;
    // What is no token is refused before it is sent; it must not be kept until it expires.
    if (!token || typeof token !== "string") return { token };
    check(Number.isFinite(+expiresAt), "token must give an expiresAt that is a date or a number of milliseconds");
    const lives = expiresAt - Date.now();
    return { token, expiresAt: +expiresAt, renewAt: Date.now() + Math.max(lives - EARLY_MS, lives * 0.9) };
  }

  const renew = shared(async (signal, reason, rejected) => {
    const stored = store && timed(await store.get(key));
    if (stored?.renewAt > Date.now() && stored.token !== rejected) return (kept = stored);
    const given = timed(await ask({ reason, signal }));
    if (given.renewAt) {
      kept = given;
      await store?.set(key, { token: given.token, expiresAt: given.expiresAt });
    }
    return given;
  });

  return async (rejected, signal) => {
    if (kept && kept.token === rejected) kept = undefined;
    if (kept && Date.now() < kept.renewAt) return kept.token;
    const reason = rejected ? "rejected" : kept ? "expiring" : "initial";
    return (await renew(signal, reason, rejected)).token;
  };
}

/** A failure to get a token. One that may pass can be tried again, since nothing was sent yet. */
function failure(Type, isPassing, message, fields) {
  const error = new Type({ message: `token ${message}`, operation: "token", attempts: 1, ...fields });
  hide(error, { isPassing });
  return error;
}

/** Asks the tenant for tokens with what an application has to show. */
function clientCredentials({
  domain,
  audience,
  clientId,
  clientSecret,
  signingKey,
  signingAlg,
  fetch,
  telemetryHeader,
}) {
  return async ({ signal }) => {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, audience });
    if (clientSecret === undefined) {
      body.set("client_assertion", await assertion(clientId, domain, signingKey, signingAlg));
      body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    } else {
      body.set("client_secret", clientSecret);
    }
    const controller = new AbortController();
    const stop = () => controller.abort(signal.reason);
    signal.addEventListener("abort", stop);
    const late = failure(ManagementTimeoutError, true, "was not given in time", { code: "timeout" });
    const timer = setTimeout(() => controller.abort(late), TOKEN_TIMEOUT_MS);
    let response;
    let text;
    try {
      response = await (fetch ?? globalThis.fetch)(`https://${domain}/oauth/token`, {
        method: "POST",
        headers: { ...telemetryHeader, "content-type": "application/x-www-form-urlencoded" },
        body: body.toString(),
        redirect: "manual",
        signal: controller.signal,
      });
      text = await response.text();
    } catch (cause) {
      if (controller.signal.reason === late) throw late;
      throw failure(ManagementError, true, "was not given: the connection failed", { code: "network", cause });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
    return granted(response, text);
  };
}

/** The token in an answer of the tenant. */
function granted(response, text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {}
  const { status } = response;
  if (response.ok && typeof answer?.access_token === "string") {
    // Without a lifetime, the token is used for what it is asked for, and no longer.
    if (!(answer.expires_in > 0)) return answer.access_token;
    return { token: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1_000 };
  }
  const errorCode = typeof answer?.error === "string" ? answer.error : undefined;
  const isPassing = status === 429 || status >= 500;
  const told = [status, errorCode].filter(Boolean).join(" ");
  throw failure(ManagementError, isPassing, `was refused by the tenant (${told})`, {
    code: status === 429 ? "rate_limited" : status >= 500 ? "server" : response.ok ? "bad_response" : "unauthorized",
    statusCode: status || undefined,
    errorCode,
    retryAfterMs: response.headers.get("retry-after") * 1_000 || undefined,
    body: answer ?? text,
  });
}

const algorithms = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  RS384: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  PS256: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
};

/** A signed statement of who the application is, good for three minutes. */
async function assertion(clientId, domain, pem, alg) {
  const algorithm = algorithms[alg];
  const der = Uint8Array.from(atob(pem.replace(/-----[^-]+-----|\s/g, "")), (char) => char.charCodeAt(0));
  const key = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: `https://${domain}/`, iat: now, exp: now + 180 };
  const encode = (bytes) => base64Url(String.fromCharCode(...bytes));
  const json = (value) => encode(new TextEncoder().encode(JSON.stringify(value)));
  const signed = `${json({ alg })}.${json({ ...claims, jti: crypto.randomUUID() })}`;
  const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(signed));
  return `${signed}.${encode(new Uint8Array(signature))}`;
}

/** What asks the tenant for tokens, for an application that shows who it is. */
function credentials({ clientSecret, clientAssertionSigningKey: signingKey, ...options }) {
  const { domain, clientAssertionSigningAlg: signingAlg = "RS256" } = options;
  check(options.token === undefined, "token and clientId are two ways to get in; leave one of them out");
  check(domain, "domain is required with clientId");
  check(
    clientSecret || signingKey,
    "clientSecret is required with clientId, or clientAssertionSigningKey in its place",
  );
  check(
    Object.hasOwn(algorithms, signingAlg),
    `clientAssertionSigningAlg must be one of ${Object.keys(algorithms).join(", ")}`,
  );
  const inBrowser = typeof window !== "undefined" && typeof document !== "undefined";
  check(
    !inBrowser || options.dangerouslyAllowBrowser,
    "clientSecret in a page can be read by whoever visits it; send requests to a server of your own as baseUrl",
  );
  return clientCredentials({ ...options, clientSecret, signingKey, signingAlg });
}

/** What a client with these options sends: a token, a function that supplies them, or undefined for none. */
export function tokenOf(options) {
  const { token, clientId, domain, baseUrl, tokenStore, call } = options;
  const audience = options.audience ?? `https://${domain}/api/v2/`;
  if (clientId !== undefined) {
    return tokenSupplier(credentials({ ...options, audience }), tokenStore, `auth0-users:${clientId}:${audience}`);
  }
  for (const name of ["clientSecret", "clientAssertionSigningKey", "clientAssertionSigningAlg", "audience"]) {
    check(options[name] === undefined, `clientId is required with ${name}`);
  }
  // Whoever stands behind a base URL may add the token; behind a domain nobody does.
  check(token ?? call.baseUrl, "token is required with domain, or clientId and clientSecret in its place");
  const isFunction = typeof token === "function";
  check(!tokenStore || isFunction, "tokenStore is for tokens of a function or of clientId");
  if (token === undefined || typeof token === "string") return token;
  return tokenSupplier(async (context) => (isFunction ? token(context) : token), tokenStore, `auth0-users:${baseUrl}`);
}
