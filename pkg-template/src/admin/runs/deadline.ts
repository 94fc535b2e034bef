import { type AbortSignalLike, ManagementTimeoutError } from "auth0-users";

import { check } from "../../client/argument-errors.ts";
import { record } from "../../client/objects.ts";
import { following } from "../../client/signals.ts";

/** The longest timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

interface TimedOptions {
  abortSignal?: AbortSignalLike;
  deadlineInSeconds?: number;
}

/**
 * Yields what a run yields. The run gets the options without `deadlineInSeconds`; their signal aborts when that has passed,
 * with the error of the deadline.
 */
export async function* untilDeadline<Options extends TimedOptions, Value>(
  operation: string,
  given: Options,
  run: (options: Omit<Options, "deadlineInSeconds">) => AsyncIterable<Value>,
): AsyncGenerator<Value, void, undefined> {
  const { deadlineInSeconds: seconds, ...rest } = record(given);
  const options = record(rest);
  if (seconds === undefined) {
    yield* run(options);
    return;
  }
  check(typeof seconds === "number" && seconds > 0, "deadlineInSeconds must be a positive number of seconds");
  const controller = following(options.abortSignal);
  const end = performance.now() + seconds * 1000;
  const expire = () => {
    const message = `${operation} was not done within ${seconds} s`;
    controller.abort(new ManagementTimeoutError({ message, code: "deadline", operation }));
  };
  const timer = setTimeout(expire, Math.min(seconds * 1000, LONGEST));
  try {
    for await (const value of run(record({ ...options, abortSignal: controller.signal }))) {
      yield value;
      // Items that are there already leave a timer no time.
      if (performance.now() >= end && !controller.signal.aborted) expire();
    }
  } finally {
    clearTimeout(timer);
    controller.release();
  }
}
