// Reading from the API in several calls.

import type { RequestOptions } from "auth0-users";

import { own, record } from "../../client/objects.ts";
import { following } from "../../client/signals.ts";
import { checkRecord } from "./checks.ts";

/** Returns a function that makes the options of each call, so that all calls together end at the one deadline. */
export function sharedDeadline(options: RequestOptions | undefined): () => RequestOptions | undefined {
  checkRecord("requestOptions", options);
  const seconds = own(options, "deadlineInSeconds");
  // The client refuses an invalid value.
  if (typeof seconds !== "number" || !(seconds > 0)) return () => options;
  const end = performance.now() + seconds * 1000;
  // The client sends nothing of a call that has as good as no time left.
  return () => {
    const deadlineInSeconds = Math.max((end - performance.now()) / 1000, Number.MIN_VALUE);
    return record({ ...options, deadlineInSeconds });
  };
}

/** A read that takes the options of its call. */
type Read = (options: RequestOptions) => unknown;

/** Resolves to the results of all reads. When one fails, the others are aborted. */
export async function readAll<const Reads extends readonly Read[]>(
  options: RequestOptions | undefined,
  reads: Reads,
): Promise<{ -readonly [Place in keyof Reads]: Awaited<ReturnType<Reads[Place]>> }> {
  checkRecord("requestOptions", options);
  const controller = following(own(options, "abortSignal"));
  const each = record({ ...options, abortSignal: controller.signal });
  try {
    return (await Promise.all(reads.map((read) => read(each)))) as {
      -readonly [Place in keyof Reads]: Awaited<ReturnType<Reads[Place]>>;
    };
  } finally {
    controller.release();
    controller.abort();
  }
}
