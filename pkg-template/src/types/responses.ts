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
