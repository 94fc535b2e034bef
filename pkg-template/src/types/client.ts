import type { ManagementErrorCode } from "../client/errors.ts";

/** One of the values known today, or one that the API adds tomorrow. */
export type Open<Known extends string> = Known | (string & {});

/** A JSON object of the tenant's own. */
export type Metadata = Record<string, any>;

/** A call of an endpoint that has no method of its own. */
export interface UnlistedRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The segments of the path below the base URL, such as `["clients", id]`, text or integers. Each is encoded. */
  path: readonly (string | number)[];
  query?: Record<string, QueryValue | readonly QueryValue[]>;
  /** Sent as JSON. */
  body?: object;
}

/** How to reach the tenant: by `domain` or `baseUrl`, with a `token` or the credentials of an application. */
export type ManagementClientOptions = ManagementClientSettings &
  Access &
  (
    | ((
        | { domain: string; baseUrl?: string; token: TokenSource }
        | { baseUrl: string; domain?: string; token?: TokenSource }
      ) &
        NoCredentials)
    | ({ domain: string; baseUrl?: string; token?: never } & ClientCredentials)
  );

export interface Access {
  /** The host name of the tenant, such as `tenant.eu.auth0.com`, without a scheme or a path. */
  domain?: string;
  /**
   * The whole base that paths are appended to, in place of `https://{domain}/api/v2`, such as that of a proxy. In a page
   * it may be relative to it, such as `/admin-api`.
   */
  baseUrl?: string;
  /**
   * An access token of the Management API, or a function that gives one. Only behind a `baseUrl` can it be left out. With a
   * token, or `clientId`, the base has to be `https`, or on loopback: `localhost`, names below it, `127.0.0.0/8`, `[::1]`.
   */
  token?: TokenSource;
}

export interface NoCredentials {
  clientId?: never;
  clientSecret?: never;
  clientAssertionSigningKey?: never;
}

/**
 * An application that gets tokens by showing who it is: with its secret, or with a private key. Tokens are kept until
 * shortly before they expire, and asked for once for all calls that wait.
 */
export type ClientCredentials = {
  /** The client id of the application. */
  clientId: string;
  /** The API that the tokens are for; `https://{domain}/api/v2/` by default. */
  audience?: string;
  /** Lets a page use credentials, which whoever visits it can read then. */
  dangerouslyAllowBrowser?: boolean;
} & (
  | {
      /** The client secret of the application. */
      clientSecret: string;
    }
  | {
      /**
       * An RSA private key as PEM in PKCS #8 (`-----BEGIN PRIVATE KEY-----`). Line ends may be written as `\n`, as in
       * environment variables. The constructor refuses other keys; convert a PKCS #1 or encrypted key with
       * `openssl pkcs8 -topk8 -nocrypt -in key.pem`.
       */
      clientAssertionSigningKey: string;
      /** `RS256` by default. */
      clientAssertionSigningAlg?: "RS256" | "RS384" | "PS256";
    }
);

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

/** What a client does with every call. */
export interface ManagementClientSettings extends Observers {
  /** Sent with every request. A value may be a function or a promise; null or undefined sends none. */
  headers?: HeaderValues;
  /** Used in place of the global `fetch`: called as `fetch(url, init)`, resolves to a `Response`. */
  fetch?: (url: string, init: any) => Promise<any>;
  /** How long one attempt may take until its body is read, in seconds; 60 by default. */
  timeoutInSeconds?: number;
  /**
   * How long everything may take, in seconds: waiting for a turn and for a token, all attempts, and all pages of a list.
   * There is no limit by default.
   */
  deadlineInSeconds?: number;
  /**
   * How often a call that failed may be sent again; 2 by default. A call that is refused because there are too many (429)
   * is no failure: it waits until the server takes it, within its deadline, or five minutes without one. With 0 a call is
   * sent once, whatever it ends with; only a token or a csrf that was refused is still replaced by a new one, once.
   */
  maxRetries?: number;
  /** How a page treats cookies, as of `fetch`; a proxy on another origin needs `include`. */
  credentials?: "omit" | "same-origin" | "include";
  /**
   * What a proxy wants to see with each change: sent as `x-csrf-token` with everything but `GET`. A string, or a function
   * that gives it or a promise of it. A function is asked once more, with what was refused, when the proxy refuses a
   * change with `invalid_csrf_token`: another sign-in may have replaced it. The change is then sent again.
   */
  csrf?: string | ((refused?: string) => string | Promise<string>);
  /**
   * How many requests per second to begin with where the server's limit cannot be read, as from a page to another origin;
   * 2 by default. Each answer makes it a little more, a refusal halves it.
   */
  requestsPerSecond?: number;
  /** For tokens that have a lifetime: those of `clientId`, and those of a function that gives `expiresAt`. */
  tokenStore?: TokenStore;
  /**
   * The key of the token in the `tokenStore`. Required with a token function, since clients with the same store and key
   * share a token; with `clientId`, made from `clientId` and `audience` by default.
   *
   * @example
   * new ManagementClient({ domain, token: fromVault, tokenStore, tokenStoreKey: `vault:${domain}:reporting` });
   */
  tokenStoreKey?: string;
  /**
   * Allows a token to be sent over plain `http` to a host that is not loopback, where it can be read on its way. Without
   * it, the constructor throws a `TypeError`.
   */
  dangerouslyAllowHttp?: boolean;
  /** The custom domain for links in mails and answers: sent as `auth0-custom-domain` with the operations that heed it. */
  withCustomDomainHeader?: string;
  /** Whether the header `Auth0-Client` tells Auth0 what calls it. It does by default, except in browsers. */
  telemetry?: boolean;
  /** What `Auth0-Client` tells, in place of the name and version of this package and of the runtime. */
  clientInfo?: Record<string, unknown>;
}

/**
 * Functions that are told what happens. They see neither ids, query values nor bodies. Nothing waits for them, and what
 * they throw is dropped.
 */
export interface Observers {
  /** A request is about to be sent. */
  onRequest?: (event: RequestEvent) => unknown;
  /** A request has ended, with an answer or without one. */
  onResponse?: (event: ResponseEvent) => unknown;
  /** A call is about to be sent again. */
  onRetry?: (event: RetryEvent) => unknown;
  /** An answer has told how the limit stands. */
  onRateLimit?: (rateLimit: RateLimit) => unknown;
}

/** A request that is about to be sent. */
export interface RequestEvent {
  /** The method, such as `users.get`. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path below the base URL with names for identifiers, such as `/users/{id}`; absent for `request`. */
  readonly path?: string;
  /** Which attempt of the call it is, from 1. */
  readonly attempt: number;
}

/** A request that has ended. */
export interface ResponseEvent extends RequestEvent {
  /** From the request until its body was read, in milliseconds. */
  readonly durationMs: number;
  /** The HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** The server's id of the request. */
  readonly requestId?: string;
  /** What kind of failure it is; absent when it succeeded. */
  readonly code?: ManagementErrorCode;
}

/** A call that is about to be sent again. */
export interface RetryEvent extends Omit<ResponseEvent, "durationMs"> {
  /** How long the call waits at least, in milliseconds. */
  readonly waitMs: number;
}

/** What is known about the server's limit, and how many calls wait. */
export interface RateLimit {
  /** How many requests the server takes at once, if its last answer said so. */
  readonly limit?: number;
  /** How many more may be sent now, those under way taken off, if the server tells. */
  readonly remaining?: number;
  /** When the server takes more, in milliseconds since the epoch, if its last answer said so. */
  readonly resetAt?: number;
  /** Nothing is sent before this time, in milliseconds since the epoch. */
  readonly pausedUntil?: number;
  /** How many requests are sent and not answered yet. */
  readonly inFlight: number;
  /** How many calls wait for their turn. */
  readonly queued: number;
}

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

/** Headers by their names. */
export type HeaderValues = Record<
  string,
  HeaderValue | (() => HeaderValue | Promise<HeaderValue>) | Promise<HeaderValue>
>;
export type HeaderValue = string | null | undefined;

/** What one call does in its own way. Read once; never written. */
export interface RequestOptions {
  /** How long one attempt may take until its body is read, in seconds. */
  timeoutInSeconds?: number;
  /**
   * How long everything may take, in seconds: waiting for a turn and for a token, all attempts, and all pages of a list.
   */
  deadlineInSeconds?: number;
  /** How often the call may be sent again if it fails. */
  maxRetries?: number;
  /**
   * What to do when a change may or may not have been applied: `reject` with an {@link OutcomeUnknownError}, which is the
   * default, or `reconcile`, which calls its `verify()` within the same deadline. If that proves that the change is done,
   * the call resolves to what it would have given; if it proves that it is not done, the call rejects with the API's own
   * error; else with the {@link OutcomeUnknownError}.
   */
  onUnknown?: "reject" | "reconcile";
  /** Ends the call, whatever it waits for; the promise rejects with the signal's own reason. */
  abortSignal?: AbortSignalLike;
  /**
   * Runs right before each attempt is handed to fetch, after all waiting for the rate limit, a token or csrf. The request
   * is sent when the returned promise resolves. If the function throws or rejects, this attempt is not sent and the call
   * rejects with that error, or with an `OutcomeUnknownError` if an earlier attempt may have been applied.
   *
   * If the promise resolves to a function, that is called when the attempt has failed and the call is about to wait for
   * another one. Its argument is whether an attempt so far may have been applied: `false` after a refusal such as 429.
   *
   * @example
   * await client.users.delete("auth0|123", { beforeRequest: () => log.append("delete auth0|123") });
   */
  beforeRequest?: (event: RequestEvent) => unknown;
  /** Sent with this call; null or undefined takes one of the client's headers away. */
  headers?: HeaderValues;
  /** Further query parameters, in place of the operation's own of that name. */
  queryParams?: Record<string, QueryValue | readonly QueryValue[]>;
}
export type QueryValue = string | number | boolean | bigint | null | undefined;

/** What is used of an `AbortSignal`, so that programs without DOM types compile. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: any;
  addEventListener(type: "abort", listener: (event: any) => any): void;
  removeEventListener(type: "abort", listener: (event: any) => any): void;
}

/** What is used of `Headers`, so that programs without DOM types compile. */
export interface HeadersLike extends Iterable<[string, string]> {
  get(name: string): string | null;
  has(name: string): boolean;
  forEach(callback: (value: string, name: string) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
}

/** The answer without its body. */
export interface RawResponse {
  readonly headers: HeadersLike;
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly type: string;
  readonly url: string;
}

/** What a call gives, with the answer that it came in. */
export interface WithRawResponse<T> {
  readonly data: T;
  readonly rawResponse: RawResponse;
}

/** A promise of what a call gives. The request is on its way already. */
export interface HttpResponsePromise<T> extends Promise<T> {
  /** The same, together with the status and the headers of the answer. */
  withRawResponse(): Promise<WithRawResponse<T>>;
}
