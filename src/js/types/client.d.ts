/** One of the values known today, or one that the API adds tomorrow. */
type Open<Known extends string> = Known | (string & {});

/** The keys of `T` that are not an index signature. */
type KnownKeys<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };

/** A JSON object of the tenant's own. */
export type Metadata = Record<string, any>;

/** How to reach the tenant. */
export type ManagementClientOptions = ManagementClientSettings &
  ({ domain: string; baseUrl?: string; token: TokenSource } | { baseUrl: string; domain?: string; token?: TokenSource });

export interface ManagementClientSettings {
  /** Sent with every request. A value may be a function or a promise; null or undefined sends none. */
  headers?: HeaderValues;
  /** Used in place of the global `fetch`: called as `fetch(url, init)`, resolves to a `Response`. */
  fetch?: (url: string, init: any) => Promise<any>;
  /** How long one attempt may take until its body is read, in seconds; 60 by default. */
  timeoutInSeconds?: number;
  /** How often a call that failed may be sent again; 2 by default. */
  maxRetries?: number;
}

/** An access token of the Management API, a promise of one, or a function that is asked for each request. */
export type TokenSource = string | Promise<string> | (() => string | Promise<string>);

export type HeaderValues = Record<string, HeaderValue | (() => HeaderValue | Promise<HeaderValue>) | Promise<HeaderValue>>;
type HeaderValue = string | null | undefined;

/** What one call does in its own way. Read once; never written. */
export interface RequestOptions {
  /** How long one attempt may take until its body is read, in seconds. */
  timeoutInSeconds?: number;
  /** How often the call may be sent again if it fails. */
  maxRetries?: number;
  /** Ends the call, whatever it waits for; the promise rejects with the signal's own reason. */
  abortSignal?: AbortSignalLike;
  /** Sent with this call; null or undefined takes one of the client's headers away. */
  headers?: HeaderValues;
  /** Further query parameters, in place of the operation's own of that name. */
  queryParams?: Record<string, QueryValue | readonly QueryValue[]>;
}
type QueryValue = string | number | boolean | bigint | null | undefined;

/** What is used of an `AbortSignal`, so that programs without DOM types compile. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: any;
  addEventListener(type: "abort", listener: (event: any) => any): void;
  removeEventListener(type: "abort", listener: (event: any) => any): void;
}

/** The answer without its body. */
export interface RawResponse {
  readonly headers: { get(name: string): string | null; has(name: string): boolean };
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly type: string;
  readonly url: string;
}

export interface WithRawResponse<T> {
  readonly data: T;
  readonly rawResponse: RawResponse;
}

/** A promise of what a call gives. The request is on its way already. */
export interface HttpResponsePromise<T> extends Promise<T> {
  /** The same, together with the status and the headers of the answer. */
  withRawResponse(): Promise<WithRawResponse<T>>;
}

/** One page of a list. It never changes; a loop over it starts with its own items and goes on to the last page. */
export interface Page<T, R = unknown> extends AsyncIterable<T> {
  /** The items of this page. */
  readonly data: T[];
  /** The whole answer: an envelope with totals, or the bare items. */
  readonly response: R;
  readonly rawResponse: RawResponse;
  /** May there be a page after this one? */
  hasNextPage(): boolean;
  /** Loads the page after this one, as a new page. A failed load can be tried again. Rejects after the last page. */
  getNextPage(): Promise<Page<T, R>>;
}

