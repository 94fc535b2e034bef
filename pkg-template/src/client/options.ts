// The options of a client and of a call, as JavaScript gives them: read once, checked, never written.

import { check, invalidArgument } from "./errors.ts";
import { globalValue } from "./objects.ts";

/** The properties of an argument that is an object or left out. */
export function entries(argument, value) {
  check(value == null || (typeof value === "object" && !Array.isArray(value)), `${argument} must be an object`);
  return Object.entries(value ?? {});
}

export const isGiven = ([, value]) => value !== undefined;
export const hasValue = ([, value]) => value != null;

export function unknown(name, of, known) {
  return invalidArgument(`${name} is not a parameter of ${of}, which takes ${known.join(", ")}`);
}

function milliseconds(name, seconds) {
  check(typeof seconds === "number" && seconds > 0, `${name} must be a positive number of seconds`);
  return seconds * 1000;
}

const callReaders = {
  timeoutInSeconds(options, value) {
    options.timeoutMs = milliseconds("timeoutInSeconds", value);
  },
  deadlineInSeconds(options, value) {
    options.deadlineMs = milliseconds("deadlineInSeconds", value);
  },
  maxRetries(options, value) {
    check(Number.isInteger(value) && value >= 0, "maxRetries must be a whole number, 0 or more");
    options.maxRetries = value;
  },
  headers(options, value, defaults) {
    options.headers = headers(value, defaults);
    options.ownHeaders = { ...value };
  },
};

export const requestReaders = {
  ...callReaders,
  abortSignal(options, value) {
    if (value === null) return;
    check(
      typeof value.aborted === "boolean" && typeof value.addEventListener === "function",
      "abortSignal must be an AbortSignal",
    );
    options.signal = value;
  },
  beforeRequest(options, value) {
    check(typeof value === "function", "beforeRequest must be a function");
    options.beforeRequest = value;
  },
  queryParams(options, value) {
    options.extra = entries("queryParams", value).filter(hasValue);
  },
  onUnknown(options, value) {
    check(value === "reject" || value === "reconcile", 'onUnknown must be "reject" or "reconcile"');
    options.onUnknown = value;
  },
};

const clientReaders = {
  ...callReaders,
  headers(options, value) {
    options.ownHeaders = value;
  },
  domain(options, value) {
    check(
      typeof value === "string" && /^[\w.-]+(:\d+)?$/.test(value),
      'domain must be a host name such as "tenant.eu.auth0.com", without a scheme or a path',
    );
    options.domain = value;
  },
  baseUrl(options, value) {
    check(typeof value === "string", "baseUrl must be a string");
    let url = "";
    try {
      url = new URL(value, globalValue("location")?.href).href;
    } catch {}
    check(url, 'baseUrl must be an absolute URL outside a web page, such as "https://host/api/v2"');
    check(
      /^https?:[^?#@]+$/.test(url),
      "baseUrl must be an http or https URL without a query, a fragment or a user name",
    );
    options.baseUrl = url.replace(/\/+$/, "");
  },
  token(options, value) {
    const type = typeof value;
    check(
      type === "string" || type === "function" || typeof value?.then === "function",
      "token must be a string, or a function that gives one",
    );
    options.token = value;
  },
  fetch(options, value) {
    check(typeof value === "function", "fetch must be a function");
    options.fetch = value;
  },
  tokenStore(options, value) {
    check(typeof value?.get === "function" && typeof value.set === "function", "tokenStore must have get and set");
    options.tokenStore = value;
  },
  withCustomDomainHeader(options, value) {
    check(typeof value === "string" && value.trim(), "withCustomDomainHeader must be a host name");
    checkHeader(value);
    options.customDomain = value.trim();
  },
  credentials(options, value) {
    check(/^(omit|same-origin|include)$/.test(value), 'credentials must be "omit", "same-origin" or "include"');
    options.credentials = value;
  },
  csrf(options, value) {
    check(/^(string|function)$/.test(typeof value), "csrf must be a string, or a function that gives one");
    options.csrf = value;
  },
  requestsPerSecond(options, value) {
    check(typeof value === "number" && value > 0, "requestsPerSecond must be a positive number");
    options.requestsPerSecond = value;
  },
  clientInfo(options, value) {
    check(typeof value === "object", "clientInfo must be an object");
    options.clientInfo = value;
  },
};

for (const name of ["dangerouslyAllowBrowser", "dangerouslyAllowHttp", "telemetry"]) {
  clientReaders[name] = (options, value) => {
    check(typeof value === "boolean", `${name} must be true or false`);
    options[name] = value;
  };
}

for (const name of [
  "clientId",
  "clientSecret",
  "clientAssertionSigningKey",
  "clientAssertionSigningAlg",
  "audience",
  "tokenStoreKey",
]) {
  clientReaders[name] = (options, value) => {
    check(typeof value === "string" && value !== "", `${name} must be a non-empty string`);
    options[name] = value;
  };
}

for (const name of ["onRequest", "onResponse", "onRetry", "onRateLimit"]) {
  clientReaders[name] = (options, value) => {
    check(typeof value === "function", `${name} must be a function`);
    // Whoever watches does not change what happens, not even by failing.
    options.observers = {
      __proto__: null,
      ...options.observers,
      async [name](event) {
        try {
          await value(event);
        } catch {}
      },
    };
  };
}

/** Reads an object of options, each with the reader of its name, into `options`, which has no prototype. */
export function read(argument, value, readers, options, defaults) {
  for (const [name, option] of entries(argument, value).filter(isGiven)) {
    if (!Object.hasOwn(readers, name)) throw unknown(name, argument, Object.keys(readers));
    readers[name](options, option, defaults);
  }
  return options;
}

/** The runtime and its version, where it is no browser: those would ask the server first if a header may be sent. */
function environment() {
  const [Bun, Deno, document, navigator, process] = ["Bun", "Deno", "document", "navigator", "process"].map(
    globalValue,
  );
  if (Bun) return { bun: Bun.version };
  if (Deno) return { deno: Deno.version.deno };
  if (navigator?.userAgent === "Cloudflare-Workers") return { "cloudflare-workers": "" };
  if (process?.versions?.node && !document) return { node: process.versions.node };
}

/** Text as it may stand in a header or a token. */
export function base64Url(text) {
  return btoa(text).replace(/[+/=]/g, (char) => ({ __proto__: null, "+": "-", "/": "_" })[char] ?? "");
}

/** Tells Auth0 what calls it, as its own packages do. */
function telemetry({ telemetry, clientInfo }, version) {
  const env = environment();
  if (telemetry === false || !(env || clientInfo)) return {};
  const info = JSON.stringify(clientInfo ?? { name: "auth0-users", version, env });
  check(/^[ -~]*$/.test(info), "clientInfo must hold ASCII text only");
  return { "auth0-client": base64Url(info) };
}

/**
 * Deno's own fetch sends a request a second time when the server ends a kept connection without an answer, which may be
 * after the change was made. It cannot do so with a blob, which it reads as a stream.
 */
function sendOnce(url, init) {
  // Without a body, only what must not happen twice gets an empty one: it goes without a content-length.
  const { body = init.method === "POST" ? "" : undefined } = init;
  return fetch(url, body === undefined ? init : { __proto__: null, ...init, body: new Blob([body]) });
}

/** Would a token that is sent there cross a network as plain text? */
const isPlain = (url) => /^http:\/\/(?!(([^/:]+\.)?localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$))/.test(url);

export function clientOptions(value, version, forget) {
  const options = read("ManagementClient", value, clientReaders, { __proto__: null });
  const { csrf } = options;
  if (typeof csrf === "function") {
    options.csrf = (refused) => {
      forget(refused);
      return csrf(refused);
    };
  }
  check(options.baseUrl ?? options.domain, "domain is required, or baseUrl in its place");
  check(
    !(options.token ?? options.clientId) || options.dangerouslyAllowHttp || !isPlain(options.baseUrl),
    "baseUrl must be https, since a token is sent there; http is only for loopback, such as http://localhost:3000, " +
      "or with dangerouslyAllowHttp: true",
  );
  if (globalValue("Deno")) options.fetch ??= sendOnce;
  options.telemetryHeader = telemetry(options, version);
  options.headers = headers(options.ownHeaders, options.telemetryHeader);
  return {
    __proto__: null,
    ...options,
    baseUrl: options.baseUrl ?? `https://${options.domain}/api/v2`,
    call: options,
  };
}

/**
 * Merges headers. The result is a plain object, or a function that gives a promise of one where a value has to be
 * asked for.
 */
function headers(value, defaults) {
  const given = entries("headers", value).map(([name, value]) => [name.toLowerCase(), value ?? null]);
  for (const [name, value] of given) {
    check(name !== "authorization", "headers must not have authorization, which is made from token");
    check(/^[!#$%&'*+.^_`|~\w-]+$/.test(name), "headers must have names that HTTP allows");
    if (typeof value === "string") checkHeader(value);
  }
  const plain =
    typeof defaults !== "function" && given.every(([, value]) => value === null || typeof value === "string");
  if (plain) return present({ ...defaults, ...Object.fromEntries(given) });
  return async () => {
    const merged = { __proto__: null, ...(typeof defaults === "function" ? await defaults() : defaults) };
    // All at once: of several that reject, each has somebody who waits for it.
    const values = await Promise.all(given.map(async ([, value]) => (typeof value === "function" ? value() : value)));
    for (const [place, [name]] of given.entries()) {
      merged[name] = values[place] ?? null;
      if (merged[name] !== null) checkHeader(merged[name]);
    }
    return present(merged);
  };
}

function checkHeader(value) {
  check(
    typeof value === "string" && /^[\t -~\x80-\xff]*$/.test(value),
    "headers must have values that are strings of one line",
  );
}

function present(headers) {
  return { __proto__: null, ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null)) };
}
