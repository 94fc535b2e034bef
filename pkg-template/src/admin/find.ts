import type { ManagementClient, RequestOptions, User } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { define, defineHidden, isRecord, own } from "../client/objects.ts";
import { collect, found } from "../client/lookups.ts";
import { eq } from "./query.ts";
import { checkAnswer, isText } from "./shared/checks.ts";
import { sharedDeadline } from "./shared/reads.ts";

/** One of the values that identify a user. */
export type FindBy =
  | { id: string; email?: never; phone?: never }
  | { email: string; id?: never; phone?: never }
  | {
      /** Digits after a `+`, at most 15. */
      phone: string;
      id?: never;
      email?: never;
    };

/** Several users match where one was asked for. */
export class AmbiguousUserError extends Error {
  declare readonly code: "ambiguous_user";
  /** The users to choose from. */
  declare readonly userIds: readonly string[];

  constructor(by: string, userIds: readonly string[]) {
    super(`several users have this ${by}: ${userIds.join(", ")}; use one of these ids`);
    define(this, { code: "ambiguous_user", userIds });
  }
}
defineHidden(AmbiguousUserError.prototype, { name: "AmbiguousUserError" });

/** Implements `users.find`. */
export async function find(client: ManagementClient, by: FindBy, options?: RequestOptions): Promise<User | undefined> {
  const given = isRecord(by) ? Object.entries(by).filter(([, value]) => value !== undefined) : [];
  const [[name, value] = []] = given;
  check(
    given.length === 1 && isWay(name) && isText(value),
    'by must be an object with one of id, email and phone, such as { id: "auth0|123" }',
  );
  const users = await ways[name](client, value, sharedDeadline(options));
  if (users.length > 1) {
    throw new AmbiguousUserError(
      name,
      users.map((user) => own(user, "user_id")),
    );
  }
  return users.at(0);
}

/** Finds the users with a value, each call with its own options. */
type Way = (client: ManagementClient, value: string, callOptions: () => RequestOptions | undefined) => Promise<User[]>;

const ways: Record<"id" | "email" | "phone", Way> = {
  async id({ users }, id, callOptions) {
    const user = await found(users.get(id, undefined, callOptions()));
    if (!user) return [];
    checkAnswer(own(user, "user_id") === id, user, "users.get", "about the user");
    return [user];
  },
  async email({ users }, email, callOptions) {
    const exact = await users.listUsersByEmail({ email }, callOptions());
    const lower = email.toLowerCase();
    return exact.length || lower === email ? exact : users.listUsersByEmail({ email: lower }, callOptions());
  },
  async phone({ users }, phone, callOptions) {
    check(/^\+[0-9]{1,15}$/.test(phone), "by.phone must be digits after a +, such as +12025550123");
    const matches = await collect(users.list({ q: eq("phone_number", phone), per_page: 100 }, callOptions()));
    return matches.filter((user) => own(user, "phone_number") === phone);
  },
};

function isWay(name: string | undefined): name is keyof typeof ways {
  return name !== undefined && Object.hasOwn(ways, name);
}
