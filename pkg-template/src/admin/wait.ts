// Until a search knows what a read knows.

import { ManagementTimeoutError } from "auth0-users";

import { check, checkId, checkRecord, own } from "./check.ts";
import { pause } from "./pause.ts";
import { eq } from "./search.ts";
import { shared } from "./steps.ts";

/** Between two looks, in milliseconds: at first, and at most. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 2_000;

export async function waitUntilIndexed({ users }, id, options) {
  checkId(id);
  checkRecord("requestOptions", options);
  const { deadlineInSeconds: seconds = 30, abortSignal } = { __proto__: null, ...options };
  check(Number.isFinite(seconds) && seconds > 0, "deadlineInSeconds must be a number above 0");
  const start = performance.now();
  const end = start + seconds * 1000;
  const left = shared({ __proto__: null, ...options, deadlineInSeconds: seconds });
  const timeOf = (user) => own(user, "updated_at");
  const wanted = timeOf(await users.get(id, { fields: ["user_id", "updated_at"] }, left()));
  const q = eq("user_id", id);
  for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    const { data } = await users.list({ q }, left());
    const user = data.find((user) => own(user, "user_id") === id);
    if (user && (timeOf(user) === wanted || Date.parse(timeOf(user)) >= Date.parse(wanted))) return user;
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
