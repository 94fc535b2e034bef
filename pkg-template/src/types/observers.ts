import type { ManagementErrorCode } from "./errors.ts";

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
