// By what the errors of this package are recognized, whichever copy of it they are from.

import type { ManagementError } from "./errors.ts";

/** The property that marks an error of this package. */
export const BRAND = Symbol.for("auth0-users.ManagementError");

/** Returns whether a value is a {@link ManagementError}, from whichever copy of this package or realm. */
export function isManagementError(value: unknown): value is ManagementError {
  try {
    // A Proxy is no error, whatever it says.
    return Object.prototype.toString.call(value) === "[object Error]" && (value as Branded)[BRAND] === true;
  } catch {
    return false;
  }
}

interface Branded {
  [BRAND]?: unknown;
}
