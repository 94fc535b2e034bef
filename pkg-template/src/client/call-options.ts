// What a call does in its own way, and a client with every call.

import { check } from "./argument-errors.ts";
import { mergeHeaders, type Headers } from "./headers.ts";
import { record } from "./objects.ts";
import { entries, hasValue, read, type Readers } from "./properties.ts";

/** The options of a client's calls, as the module reads them. */
export interface CallDefaults {
  timeoutMs?: number;
  deadlineMs?: number;
  maxRetries?: number;
  headers?: Headers | undefined;
}

/** The options of one call. */
export interface CallOptions extends CallDefaults {
  defaultHeaders?: Headers | undefined;
  /** The headers that the call itself was given. */
  ownHeaders?: object;
  signal?: AbortSignal;
  beforeRequest?: (event: unknown) => unknown;
  /** Query parameters besides those of the operation. */
  extra?: [string, unknown][];
  onUnknown?: "reject" | "reconcile";
}

function milliseconds(name: string, seconds: unknown): number {
  check(typeof seconds === "number" && seconds > 0, `${name} must be a positive number of seconds`);
  return seconds * 1000;
}

/** The readers of what a client and a call may both be given. */
export const callReaders: Readers<CallDefaults> = {
  timeoutInSeconds(options, value) {
    options.timeoutMs = milliseconds("timeoutInSeconds", value);
  },
  deadlineInSeconds(options, value) {
    options.deadlineMs = milliseconds("deadlineInSeconds", value);
  },
  maxRetries(options, value) {
    check(
      typeof value === "number" && Number.isInteger(value) && value >= 0,
      "maxRetries must be a whole number, 0 or more",
    );
    options.maxRetries = value;
  },
};

const requestReaders: Readers<CallOptions> = {
  ...callReaders,
  headers(options, value) {
    options.headers = mergeHeaders(value, options.defaultHeaders);
    options.ownHeaders = { ...(value as object) };
  },
  abortSignal(options, value) {
    if (value === null) return;
    const signal = value as AbortSignal;
    check(
      typeof signal.aborted === "boolean" && typeof signal.addEventListener === "function",
      "abortSignal must be an AbortSignal",
    );
    options.signal = signal;
  },
  beforeRequest(options, value) {
    check(typeof value === "function", "beforeRequest must be a function");
    options.beforeRequest = value as (event: unknown) => unknown;
  },
  queryParams(options, value) {
    options.extra = entries("queryParams", value).filter(hasValue);
  },
  onUnknown(options, value) {
    check(value === "reject" || value === "reconcile", 'onUnknown must be "reject" or "reconcile"');
    options.onUnknown = value;
  },
};

/** Reads the options of a call over what its client has as headers. */
export function callOptions(value: unknown, defaultHeaders: Headers | undefined): CallOptions {
  const options: CallOptions = record({ headers: defaultHeaders, defaultHeaders });
  return read("requestOptions", value, requestReaders, options);
}
