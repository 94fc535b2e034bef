import type { Observers, RequestEvent } from "./observers.ts";
import type { AbortSignalLike } from "./responses.ts";
import type { TokenSource, TokenStore } from "./tokens.ts";

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
   * The initial rate, in requests per second, where the rate-limit headers cannot be read, such as from a page on another
   * origin; 2 by default. Each response raises it a little, and a refusal halves it.
   */
  fallbackRequestsPerSecond?: number;
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

/** A call of an endpoint that has no method of its own. */
export interface UnlistedRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The segments of the path below the base URL, such as `["clients", id]`, text or integers. Each is encoded. */
  path: readonly (string | number)[];
  query?: Record<string, QueryValue | readonly QueryValue[]>;
  /** Sent as JSON. */
  body?: object;
}
