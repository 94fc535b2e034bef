// Values that came from JSON: whether two are the same, and whether one is what the text said.

import { own } from "./objects.ts";

/** Returns whether two values of JSON are the same, in whichever order their keys are. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(own(one, name), own(other, name)))
  );
}

/** Returns whether JSON.parse may have rounded a number: it does so with integers above 2^53 - 1, and 1e999 becomes Infinity. */
export const isInexact = (value: unknown): value is number =>
  typeof value === "number" && !Number.isSafeInteger(value) && !(value % 1);

/** Returns whether JSON.parse cannot have rounded any number in a value. */
export function isExact(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return !isInexact(value);
  return Object.values(value).every(isExact);
}
