import { define, record } from "../../client/objects.ts";
import { CAP } from "./windows.ts";

interface Details extends Pick<ResultLimitError, "total" | "window"> {
  readonly reason: string;
  readonly cause: unknown;
}

/**
 * There are users that a search cannot reach, or the answers of the server do not prove that there are none. The users
 * before were given; none was left out silently.
 */
export class ResultLimitError extends Error {
  declare readonly name: "ResultLimitError";
  declare readonly code: "result_limit";
  /** How many users the search counts, up to the cap; undefined if the server does not say so. */
  declare readonly total: number | undefined;
  /** How many users a search reaches. */
  declare readonly cap: 1000;
  /** The time of creation, in ISO 8601, from which on (and up to which) users cannot be reached, where that is known. */
  declare readonly window: { readonly from?: string; readonly to?: string };
  /** What the server refused, if it did. */
  declare readonly cause?: unknown;

  private constructor({ reason, total, window, cause }: Details) {
    super(`users.all cannot reach all users: ${reason}`, cause ? { cause } : undefined);
    Object.defineProperty(this, "name", record({ value: "ResultLimitError" }));
    define(this, { code: "result_limit", total, cap: CAP, window });
  }

  /** @internal */
  static of(details: Details): ResultLimitError {
    return new this(details);
  }
}
