// What a call gives: its value, with the answer that it came in.

import type { RawResponse } from "../types/responses.ts";

/** A value with the answer that it came in. */
export interface Answer<T = unknown> {
  readonly data: T;
  readonly rawResponse: RawResponse;
}

const parts = ["headers", "redirected", "status", "statusText", "type", "url"] as const;

/** Returns the answer without its body. What a caller's own fetch gave may throw where it is read. */
export function raw(response: Response): RawResponse {
  return Object.fromEntries(
    parts.map((name) => {
      try {
        return [name, response[name]];
      } catch {
        return [name];
      }
    }),
  ) as RawResponse;
}

/** Reading what is known of a response takes time that only those spend who ask for it. */
export function answer(data: unknown, response: Response): Answer {
  return {
    data,
    get rawResponse() {
      return raw(response);
    },
  };
}
