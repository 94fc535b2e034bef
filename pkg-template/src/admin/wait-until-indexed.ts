import { type ManagementClient, ManagementTimeoutError, type RequestOptions, type User } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { own, record } from "../client/objects.ts";
import { pause } from "../client/signals.ts";
import { eq } from "./query.ts";
import { checkId, checkRecord } from "./shared/checks.ts";
import { sharedDeadline } from "./shared/reads.ts";

/** The pauses between two searches, in milliseconds: the first, and the longest. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 2_000;

/** Implements `users.waitUntilIndexed`. */
export async function waitUntilIndexed(
  { users }: ManagementClient,
  id: string,
  options?: RequestOptions,
): Promise<User> {
  checkId(id);
  checkRecord("requestOptions", options);
  const { deadlineInSeconds: seconds = 30, abortSignal } = record({ ...options });
  check(Number.isFinite(seconds) && seconds > 0, "deadlineInSeconds must be a number above 0");
  const start = performance.now();
  const end = start + seconds * 1000;
  const callOptions = sharedDeadline(record({ ...options, deadlineInSeconds: seconds }));
  const wanted = await users.get(id, { fields: ["user_id", "updated_at"] }, callOptions());
  const q = eq("user_id", id);
  for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    const { data } = await users.list({ q }, callOptions());
    const user = data.find((user) => own(user, "user_id") === id);
    if (user && (own(user, "updated_at") === own(wanted, "updated_at") || timeOf(user) >= timeOf(wanted))) return user;
    const now = performance.now();
    if (now + wait >= end) {
      throw new ManagementTimeoutError({
        message: `users.waitUntilIndexed did not find the user by a search within ${seconds} s`,
        code: "deadline",
        operation: "users.waitUntilIndexed",
      });
    }
    await pause(wait, abortSignal);
  }
}

const timeOf = (user: Pick<User, "updated_at">) => Date.parse(own(user, "updated_at") ?? "");
