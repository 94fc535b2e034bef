// Where tokens come from: a function of the caller's, or the tenant itself, asked once for many calls.

import { check, ManagementError } from "./errors.js";

/** How long the tenant may take to give a token, in milliseconds. */
const TOKEN_TIMEOUT_MS = 10_000;
/** A token is replaced this long before it expires, or at nine tenths of its life if that is later. */
const EARLY_MS = 60_000;

/**
 * A function that gives tokens. `ask` is called with a reason; it gives a token, or `{ token, expiresAt }`, which is
 * kept. Calls that need a token while one is on its way wait for that one. `rejected` is a token that the server
 * refused.
 */
function tokenSupplier(ask) {
  let kept;
  let onItsWay;

  async function renew(reason) {
    const given = await ask({ reason });
    if (typeof given !== "object" || given === null) return { token: given };
    const { token, expiresAt } = given;
    check(Number.isFinite(+expiresAt), "token must give an expiresAt that is a date or a number of milliseconds");
    const lives = expiresAt - Date.now();
    return { token, renewAt: Date.now() + Math.max(lives - EARLY_MS, lives * 0.9) };
  }

  return async (rejected) => {
    if (kept && kept.token === rejected) kept = undefined;
    if (kept && Date.now() < kept.renewAt) return kept.token;
    const reason = rejected ? "rejected" : kept ? "expiring" : "initial";
    onItsWay ??= renew(reason).finally(() => (onItsWay = undefined));
    const given = await onItsWay;
    if (given.renewAt) kept = given;
    return given.token;
  };
}

/** Asks the tenant for tokens with what an application has to show. */
function clientCredentials({ domain, audience, clientId, clientSecret, signingKey, signingAlg, fetch }) {
  return async () => {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, audience });
    if (clientSecret === undefined) {
      body.set("client_assertion", await assertion(clientId, domain, signingKey, signingAlg));
      body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    } else {
      body.set("client_secret", clientSecret);
    }
    const response = await (fetch ?? globalThis.fetch)(`https://${domain}/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: body.toString(),
      redirect: "manual",
      signal: AbortSignal.timeout(TOKEN_TIMEOUT_MS),
    });
    const answer = await response.json().catch(() => undefined);
    if (response.ok && typeof answer?.access_token === "string") {
      // Without a lifetime, the token is used for what it is asked for, and no longer.
      if (!(answer.expires_in > 0)) return answer.access_token;
      return { token: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1_000 };
    }
    const errorCode = typeof answer?.error === "string" ? answer.error : undefined;
    throw new ManagementError({
      message: `token was refused by the tenant (${[response.status, errorCode].filter(Boolean).join(" ")})`,
      code: response.status < 500 ? "unauthorized" : "server",
      operation: "token",
      attempts: 1,
      statusCode: response.status,
      errorCode,
      body: answer,
    });
  };
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
  const encode = (bytes) =>
    btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (c) => ({ "+": "-", "/": "_" })[c] ?? "");
  const json = (value) => encode(new TextEncoder().encode(JSON.stringify(value)));
  const signed = `${json({ alg })}.${json({ ...claims, jti: crypto.randomUUID() })}`;
  const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(signed));
  return `${signed}.${encode(new Uint8Array(signature))}`;
}

/** A supplier of tokens for an application that shows who it is. */
function credentials({ clientSecret, clientAssertionSigningKey: signingKey, ...options }) {
  const { domain, clientId, clientAssertionSigningAlg: signingAlg = "RS256", fetch } = options;
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
  const audience = options.audience ?? `https://${domain}/api/v2/`;
  return tokenSupplier(clientCredentials({ domain, audience, clientId, clientSecret, signingKey, signingAlg, fetch }));
}

/** What a client with these options sends: a token, a function that supplies them, or undefined for none. */
export function tokenOf(options) {
  const { token, clientId } = options;
  if (clientId !== undefined) return credentials(options);
  for (const name of ["clientSecret", "clientAssertionSigningKey", "clientAssertionSigningAlg", "audience"]) {
    check(options[name] === undefined, `clientId is required with ${name}`);
  }
  if (token === undefined || typeof token === "string") return token;
  return tokenSupplier(async (context) => (typeof token === "function" ? token(context) : token));
}
