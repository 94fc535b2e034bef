// One deadline for all that a run does.

import { ManagementTimeoutError } from "auth0-users";

import { check } from "./check.ts";
import { following } from "./signal.ts";

/** Timers hold no more milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Copies options without the prototype that anyone may have added to. */
export const ownOptions = (...given) => Object.assign(Object.create(null), ...given);

/**
 * Yields what a run yields. The run gets the options without `deadlineInSeconds`; their signal aborts when that has passed,
 * with the error of the deadline.
 */
export async function* untilDeadline(operation, given, run) {
  const { deadlineInSeconds: seconds, ...rest } = ownOptions(given);
  const options = ownOptions(rest);
  if (seconds === undefined) return yield* run(options);
  check(typeof seconds === "number" && seconds > 0, "deadlineInSeconds must be a positive number of seconds");
  const controller = following(options.abortSignal);
  const end = performance.now() + seconds * 1000;
  const expire = () => {
    const message = `${operation} was not done within ${seconds} s`;
    controller.abort(new ManagementTimeoutError({ message, code: "deadline", operation }));
  };
  const timer = setTimeout(expire, Math.min(seconds * 1000, LONGEST));
  try {
    for await (const value of run(ownOptions(options, { abortSignal: controller.signal }))) {
      yield value;
      // Items that are there already leave a timer no time.
      if (performance.now() >= end && !controller.signal.aborted) expire();
    }
  } finally {
    clearTimeout(timer);
    controller.release();
  }
}
