// The options of a client, as JavaScript gives them: read once, checked, never written.

import { check } from "./argument-errors.ts";
import { callReaders, type CallDefaults } from "./call-options.ts";
import { checkHeader, mergeHeaders, type PlainHeaders } from "./headers.ts";
import { globalValue, record } from "./objects.ts";
import { read, type Readers } from "./properties.ts";
import { telemetryHeader } from "./telemetry.ts";
import type { TokenStore } from "../types/tokens.ts";

type Fetch = (url: string, init: RequestInit) => unknown;
type Csrf = string | ((refused?: string) => unknown);

/** The options of a client, checked. */
export interface GivenOptions extends CallDefaults {
  domain?: string;
  baseUrl?: string;
  token?: unknown;
  fetch?: Fetch;
  tokenStore?: TokenStore;
  tokenStoreKey?: string;
  customDomain?: string;
  credentials?: RequestCredentials;
  csrf?: Csrf;
  fallbackRequestsPerSecond?: number;
  clientInfo?: object;
  clientId?: string;
  clientSecret?: string;
  clientAssertionSigningKey?: string;
  clientAssertionSigningAlg?: string;
  audience?: string;
  dangerouslyAllowBrowser?: boolean;
  dangerouslyAllowHttp?: boolean;
  telemetry?: boolean;
  ownHeaders?: unknown;
  observers?: Record<string, (event: unknown) => Promise<void>>;
}

/** The options of a client, as the module and the source of tokens read them. */
export interface ClientOptions extends GivenOptions {
  baseUrl: string;
  telemetryHeader: PlainHeaders;
  /** What calls do where they do not say otherwise, and the base URL as it was given. */
  call: GivenOptions;
}

const readers: Readers<GivenOptions> = {
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
      type === "string" || type === "function" || typeof (value as PromiseLike<unknown> | null)?.then === "function",
      "token must be a string, or a function that gives one",
    );
    options.token = value;
  },
  fetch(options, value) {
    check(typeof value === "function", "fetch must be a function");
    options.fetch = value as Fetch;
  },
  tokenStore(options, value) {
    const store = value as TokenStore | null;
    check(typeof store?.get === "function" && typeof store.set === "function", "tokenStore must have get and set");
    options.tokenStore = store;
  },
  withCustomDomainHeader(options, value) {
    check(typeof value === "string" && value.trim(), "withCustomDomainHeader must be a host name");
    checkHeader(value);
    options.customDomain = value.trim();
  },
  credentials(options, value) {
    const credentials = value as RequestCredentials;
    check(/^(omit|same-origin|include)$/.test(credentials), 'credentials must be "omit", "same-origin" or "include"');
    options.credentials = credentials;
  },
  csrf(options, value) {
    check(/^(string|function)$/.test(typeof value), "csrf must be a string, or a function that gives one");
    options.csrf = value as Csrf;
  },
  fallbackRequestsPerSecond(options, value) {
    check(typeof value === "number" && value > 0, "fallbackRequestsPerSecond must be a positive number");
    options.fallbackRequestsPerSecond = value;
  },
  clientInfo(options, value) {
    check(typeof value === "object", "clientInfo must be an object");
    if (value) options.clientInfo = value;
  },
};

for (const name of ["dangerouslyAllowBrowser", "dangerouslyAllowHttp", "telemetry"] as const) {
  readers[name] = (options, value) => {
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
] as const) {
  readers[name] = (options, value) => {
    check(typeof value === "string" && value !== "", `${name} must be a non-empty string`);
    options[name] = value;
  };
}

for (const name of ["onRequest", "onResponse", "onRetry", "onRateLimit"]) {
  readers[name] = (options, value) => {
    check(typeof value === "function", `${name} must be a function`);
    const observer = value as (event: unknown) => unknown;
    // Whoever watches does not change what happens, not even by failing.
    options.observers = record({
      ...options.observers,
      async [name](event: unknown) {
        try {
          await observer(event);
        } catch {}
      },
    });
  };
}

/**
 * Deno's own fetch sends a request a second time when the server ends a kept connection without an answer, which may be
 * after the change was made. It cannot do so with a blob, which it reads as a stream.
 */
function sendOnce(url: string, init: RequestInit): Promise<Response> {
  // Without a body, only what must not happen twice gets an empty one: it goes without a content-length.
  const { body = init.method === "POST" ? "" : undefined } = init;
  return fetch(url, body === undefined ? init : record({ ...init, body: new Blob([body as BlobPart]) }));
}

/** Would a token that is sent there cross a network as plain text? */
const isPlain = (url: string): boolean =>
  /^http:\/\/(?!(([^/:]+\.)?localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$))/.test(url);

/** Reads the options of a client. `invalidate` is called with a csrf that was refused. */
export function clientOptions(value: unknown, version: string, invalidate: (csrf: unknown) => void): ClientOptions {
  const options = read<GivenOptions>("ManagementClient", value, readers, record({}));
  const { csrf, domain } = options;
  if (typeof csrf === "function") {
    options.csrf = (refused) => {
      invalidate(refused);
      return csrf(refused);
    };
  }
  const baseUrl = options.baseUrl ?? (domain && `https://${domain}/api/v2`);
  check(baseUrl, "domain is required, or baseUrl in its place");
  check(
    !(options.token ?? options.clientId) || options.dangerouslyAllowHttp || !isPlain(baseUrl),
    "baseUrl must be https, since a token is sent there; http is only for loopback, such as http://localhost:3000, " +
      "or with dangerouslyAllowHttp: true",
  );
  if (globalValue("Deno")) options.fetch ??= sendOnce;
  const header = telemetryHeader(options.telemetry, options.clientInfo, version);
  options.headers = mergeHeaders(options.ownHeaders, header);
  return record({ ...options, baseUrl, telemetryHeader: header, call: options });
}
