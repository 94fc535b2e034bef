// Tokens of the tenant, for an application that shows who it is.

import { check } from "./argument-errors.ts";
import { isManagementError } from "./brand.ts";
import type { ClientOptions } from "./client-options.ts";
import { abortController, uncached } from "./engine.ts";
import { ManagementError, ManagementTimeoutError } from "./errors.ts";
import { defineHidden, globalValue, own, record } from "./objects.ts";
import { ALGORITHMS, assertion, privateKey } from "./private-key.ts";
import { within } from "./timers.ts";

/** How long the tenant may take to give a token, in milliseconds. */
const TOKEN_TIMEOUT_MS = 10_000;
/** The longest answer of the tenant that is read, in characters; one with a token has some 2,000. */
const LONGEST_ANSWER = 65_536;

/** Returns whether a token can be sent in a header. */
export const isToken = (value: unknown): value is string => typeof value === "string" && /^[!-~]+$/.test(value);

/** Makes the error of a token that was not given. One that may pass can be tried again, since nothing was sent yet. */
function failure(
  Type: typeof ManagementError,
  isPassing: boolean,
  message: string,
  fields: ConstructorParameters<typeof ManagementError>[0],
): ManagementError {
  const error = new Type({ message: `token ${message}`, operation: "token", attempts: 1, ...fields });
  defineHidden(error, { isPassing });
  return error;
}

/** Checks what an application has to show, and returns a function that asks the tenant for tokens with it. */
export function clientCredentials(options: ClientOptions, clientId: string, audience: string) {
  const { domain, token, clientSecret, clientAssertionSigningKey, clientAssertionSigningAlg: alg } = options;
  const { fetch, telemetryHeader } = options;
  check(token === undefined, "token and clientId are two ways to get in; leave one of them out");
  check(domain, "domain is required with clientId");
  check(
    clientSecret || clientAssertionSigningKey,
    "clientSecret is required with clientId, or clientAssertionSigningKey in its place",
  );
  check(
    alg === undefined || ALGORITHMS.includes(alg),
    `clientAssertionSigningAlg must be one of ${ALGORITHMS.join(", ")}`,
  );
  check(
    !(globalValue("window") && globalValue("document")) || options.dangerouslyAllowBrowser,
    "clientSecret in a page can be read by whoever visits it; send requests to a server of your own as baseUrl",
  );
  const key = clientSecret === undefined ? privateKey(clientAssertionSigningKey ?? "") : undefined;

  async function post(form: URLSearchParams, signal: AbortSignal) {
    const init: RequestInit = record({
      method: "POST",
      ...uncached(),
      headers: record({ ...telemetryHeader, "content-type": "application/x-www-form-urlencoded" }),
      body: form.toString(),
      redirect: "manual",
      signal,
    });
    const response = (await (fetch ?? globalThis.fetch)(`https://${domain}/oauth/token`, init)) as Response;
    return granted(response, await textOf(response), form);
  }

  return async ({ signal }: { signal: AbortSignal }) => {
    const form = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, audience });
    if (key) {
      form.set("client_assertion", await assertion(clientId, domain, key, alg));
      form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    } else if (clientSecret) {
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

/** Reads the text of an answer, up to a limit. */
async function textOf(response: Response): Promise<string> {
  // A caller's own fetch may give less than a Response.
  const { body } = response as { body?: Partial<ReadableStream<Uint8Array>> | null };
  const reader = body?.getReader?.();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = "";
  while (text.length <= LONGEST_ANSWER) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, record({ stream: true }));
  }
  return text;
}

/** Reads the token in an answer of the tenant. */
function granted({ ok, status, headers }: Response, text: string, form: URLSearchParams) {
  let answer: unknown;
  try {
    if (text.length <= LONGEST_ANSWER) answer = JSON.parse(text);
  } catch {}
  const token = own(answer, "access_token");
  if (ok && isToken(token)) {
    const lifetime = Number(own(answer, "expires_in")) * 1_000;
    // Without a lifetime, the token serves the calls that wait for it, and no others.
    return { token, expiresAt: Date.now() + (lifetime > 0 && lifetime < Infinity ? lifetime : 0) };
  }
  const error = own(answer, "error");
  const errorCode = typeof error === "string" && /^[\w.-]{1,64}$/.test(error) ? error : undefined;
  const isPassing = status === 429 || status >= 500;
  const reason = [status, errorCode].filter(Boolean).join(" ");
  const retryAfterMs = Number(headers.get("retry-after")) * 1_000;
  // A server may echo what it was sent.
  const secrets = [form.get("client_secret"), form.get("client_assertion")].filter((secret) => secret !== null);
  const body = secrets.reduce((body, secret) => body.replaceAll(secret, "***"), text.slice(0, LONGEST_ANSWER));
  throw failure(ManagementError, isPassing, `was refused by the tenant (${reason})`, {
    code: status === 429 ? "rate_limited" : status >= 500 ? "server" : status >= 400 ? "unauthorized" : "bad_response",
    statusCode: status || undefined,
    errorCode,
    retryAfterMs: retryAfterMs > 0 && retryAfterMs < Infinity ? retryAfterMs : undefined,
    body,
  });
}
