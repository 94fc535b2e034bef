import type { ManagementClient, Metadata, RequestOptions, User } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { own } from "../client/objects.ts";
import { collect } from "../client/lookups.ts";
import { eq } from "./query.ts";
import { checkRequest, isText } from "./shared/checks.ts";
import { readAll } from "./shared/reads.ts";

/** A user with an email, and how it was found. */
export interface EmailMatch<A extends object = Metadata, U extends object = Metadata> {
  readonly user: User<A, U>;
  /** By the email as given, by the email in lower case, or by a search, which ignores case. */
  readonly rule: "exact" | "lower_case" | "search";
  /** `eventual` for a search, which does not see changes of the last seconds. */
  readonly consistency: "immediate" | "eventual";
}

/** A way to look for an email. */
interface Lookup extends Pick<EmailMatch, "rule" | "consistency"> {
  readonly read: (options: RequestOptions) => PromiseLike<User[]>;
}

/** Implements `users.findByEmail`. */
export async function findByEmail(
  { users }: ManagementClient,
  email: string,
  request: { case?: "exact" | "smart" } = {},
  options?: RequestOptions,
): Promise<EmailMatch[]> {
  const { case: rule = "exact" } = checkRequest(request, ["case"]);
  check(isText(email), "email must be a non-empty string");
  check(["exact", "smart"].includes(rule), 'request.case must be "exact" or "smart"');
  const lower = email.toLowerCase();
  const byEmail = (email: string) => (options: RequestOptions) => users.listUsersByEmail({ email }, options);
  const bySearch = (options: RequestOptions) => collect(users.list({ q: eq("email", email), per_page: 100 }, options));
  const lookups: Lookup[] = [{ rule: "exact", consistency: "immediate", read: byEmail(email) }];
  if (rule === "smart") {
    if (lower !== email) lookups.push({ rule: "lower_case", consistency: "immediate", read: byEmail(lower) });
    lookups.push({ rule: "search", consistency: "eventual", read: bySearch });
  }
  const answers = await readAll(
    options,
    lookups.map(({ read }) => read),
  );
  const matches = new Map<unknown, EmailMatch>();
  lookups.forEach(({ rule, consistency }, place) => {
    for (const user of answers[place] ?? []) {
      // A search may match other emails as well.
      const isIt = own(user, "email")?.toLowerCase() === lower;
      const id = own(user, "user_id");
      if (isIt && !matches.has(id)) matches.set(id, { user, rule, consistency });
    }
  });
  return [...matches.values()];
}
