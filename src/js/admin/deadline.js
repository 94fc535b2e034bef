// One deadline for all that a run does.

import { ManagementTimeoutError } from "auth0-users";

import { check } from "./check.js";
import { following } from "./signal.js";

/** Timers hold no more milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * What a run yields. It is given the options without `deadlineInSeconds`; their signal aborts when that has passed, with
 * the error of the deadline.
 */
export async function* untilDeadline(operation, { deadlineInSeconds: seconds, ...options }, run) {
  if (seconds === undefined) return yield* run(options);
  check(typeof seconds === "number" && seconds > 0, "deadlineInSeconds must be a positive number of seconds");
  const controller = following(options.abortSignal);
  const late = () => {
    const message = `${operation} was not done within ${seconds} s`;
    controller.abort(new ManagementTimeoutError({ message, code: "deadline", operation }));
  };
  const timer = setTimeout(late, Math.min(seconds * 1000, LONGEST));
  try {
    return yield* run({ ...options, abortSignal: controller.signal });
  } finally {
    clearTimeout(timer);
    controller.release();
  }
}
