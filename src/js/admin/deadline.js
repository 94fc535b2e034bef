// One deadline for all that a run does.

import { ManagementTimeoutError } from "auth0-users";

import { check } from "./check.js";

/** Timers hold no more milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * What a run yields. It is given the options without `deadlineInSeconds`; their signal aborts when that has passed, with
 * the error of the deadline.
 */
export async function* untilDeadline(operation, { deadlineInSeconds: seconds, ...options }, run) {
  if (seconds === undefined) return yield* run(options);
  check(typeof seconds === "number" && seconds > 0, "deadlineInSeconds must be a positive number of seconds");
  const { abortSignal } = options;
  const controller = new AbortController();
  const forward = () => controller.abort(abortSignal.reason);
  const late = () => {
    const message = `${operation} was not done within ${seconds} s`;
    controller.abort(new ManagementTimeoutError({ message, code: "deadline", operation }));
  };
  const timer = setTimeout(late, Math.min(seconds * 1000, LONGEST));
  if (abortSignal?.aborted) forward();
  abortSignal?.addEventListener("abort", forward);
  try {
    return yield* run({ ...options, abortSignal: controller.signal });
  } finally {
    clearTimeout(timer);
    abortSignal?.removeEventListener("abort", forward);
  }
}
