// Headers as callers give them.

import type { HeaderValues } from "../types/options.ts";
import { check } from "./argument-errors.ts";
import { record } from "./objects.ts";
import { entries } from "./properties.ts";

/** Headers that are known, by their names in lower case. */
export type PlainHeaders = Record<string, string>;

/** Headers, or a function that gives a promise of them where a value has to be asked for. */
export type Headers = PlainHeaders | (() => Promise<PlainHeaders>);

/** Refuses the value of a header that HTTP does not allow. */
export function checkHeader(value: unknown): asserts value is string {
  check(
    typeof value === "string" && /^[\t -~\x80-\xff]*$/.test(value),
    "headers must have values that are strings of one line",
  );
}

function present(headers: Record<string, unknown>): PlainHeaders {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  return record(Object.fromEntries(given));
}

/** Merges headers over defaults. */
export function mergeHeaders(value: unknown, defaults: Headers | undefined): Headers {
  const given = entries("headers", value).map(
    ([name, value]) => [name.toLowerCase(), (value ?? null) as HeaderValues[string] | null] as const,
  );
  for (const [name, value] of given) {
    check(name !== "authorization", "headers must not have authorization, which is made from token");
    check(/^[!#$%&'*+.^_`|~\w-]+$/.test(name), "headers must have names that HTTP allows");
    if (typeof value === "string") checkHeader(value);
  }
  const isPlain =
    typeof defaults !== "function" && given.every(([, value]) => value === null || typeof value === "string");
  if (isPlain) return present({ ...defaults, ...Object.fromEntries(given) });
  return async () => {
    const merged: Record<string, unknown> = record({
      ...(typeof defaults === "function" ? await defaults() : defaults),
    });
    // All at once: of several that reject, each has somebody who waits for it.
    const values = await Promise.all(given.map(async ([, value]) => (typeof value === "function" ? value() : value)));
    for (const [place, [name]] of given.entries()) {
      const value = values[place] ?? null;
      if (value !== null) checkHeader(value);
      merged[name] = value;
    }
    return present(merged);
  };
}
