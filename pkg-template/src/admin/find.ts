// One user by what is unique, or nobody.

import { isManagementError } from "auth0-users";

import { check, checked, define, isRecord, isText, own } from "./check.ts";
import { eq } from "./search.ts";
import { checkRequest, everything, shared, together } from "./steps.ts";

/** Is it the API's own word that there is no such user? Another 404 may come from a gateway, or be about something else. */
export const isNoUser = (error) =>
  isManagementError(error) && error.code === "not_found" && own(error, "errorCode") === "inexistent_user";

/** Returns what `read` gives, or undefined where there is no such user. */
async function found(read) {
  try {
    return await read;
  } catch (error) {
    if (isNoUser(error)) return undefined;
    throw error;
  }
}

/** Several users where one was asked for. */
export class AmbiguousUserError extends Error {
  constructor(by, userIds) {
    super(`several users have this ${by}: ${userIds.join(", ")}; use one of these ids`);
    define(this, { code: "ambiguous_user", userIds });
  }
}
const name = { __proto__: null, value: "AmbiguousUserError", writable: true };
Object.defineProperty(AmbiguousUserError.prototype, "name", name);

/** Returns all users that a search finds. */
const search = ({ users }, q, options) => everything(users.list({ q, per_page: 100 }, options));

export async function findByEmail(client, email, request = { __proto__: null }, options) {
  const { case: rule = "exact" } = checkRequest(request, ["case"]);
  check(isText(email), "email must be a non-empty string");
  check(["exact", "smart"].includes(rule), 'request.case must be "exact" or "smart"');
  const lower = email.toLowerCase();
  const spelled = (spelling) => (left) => client.users.listUsersByEmail({ email: spelling }, left);
  const reads = [{ rule: "exact", consistency: "immediate", read: spelled(email) }];
  if (rule === "smart") {
    if (lower !== email) reads.push({ rule: "lower_case", consistency: "immediate", read: spelled(lower) });
    reads.push({ rule: "search", consistency: "eventual", read: (left) => search(client, eq("email", email), left) });
  }
  const answers = await together(
    options,
    reads.map(({ read }) => read),
  );
  const matches = new Map();
  reads.forEach(({ rule, consistency }, n) => {
    for (const user of answers[n]) {
      // A search goes by its own idea of what is the same.
      const isIt = own(user, "email")?.toLowerCase() === lower;
      const id = own(user, "user_id");
      if (isIt && !matches.has(id)) matches.set(id, { user, rule, consistency });
    }
  });
  return [...matches.values()];
}

/** How to find the users with one of these. */
const ways = {
  async id({ users }, id, left) {
    const user = await found(users.get(id, undefined, left()));
    return user ? [checked(own(user, "user_id") === id, user, "users.get", "about the user")] : [];
  },
  async email({ users }, email, left) {
    const exact = await users.listUsersByEmail({ email }, left());
    const lower = email.toLowerCase();
    return exact.length || lower === email ? exact : users.listUsersByEmail({ email: lower }, left());
  },
  async phone(client, phone, left) {
    check(/^\+[0-9]{1,15}$/.test(phone), "by.phone must be digits after a +, such as +12025550123");
    const users = await search(client, eq("phone_number", phone), left());
    return users.filter((user) => own(user, "phone_number") === phone);
  },
};

export async function find(client, by, options) {
  const given = isRecord(by) ? Object.keys(by).filter((name) => by[name] !== undefined) : [];
  const [name] = given;
  check(
    given.length === 1 && Object.hasOwn(ways, name) && isText(by[name]),
    'by must be an object with one of id, email and phone, such as { id: "auth0|123" }',
  );
  const users = await ways[name](client, by[name], shared(options));
  if (users.length > 1) {
    throw new AmbiguousUserError(
      name,
      users.map((user) => own(user, "user_id")),
    );
  }
  return users.at(0);
}
