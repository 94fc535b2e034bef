// Many users with what belongs to them.

import { bulkRead } from "./bulk.ts";
import { check, checkRecord, checkSource, own } from "./check.ts";
import { everything, together } from "./steps.ts";

const pages =
  (resource) =>
  async ({ users }, id, options) =>
    everything(users[resource].list(id, undefined, options));

/** How each part of a user is read, with all its pages. */
const readers = {
  authenticationMethods: pages("authenticationMethods"),
  enrollments: ({ users }, id, options) => users.enrollments.get(id, options),
  groups: ({ users }, id, options) => everything(users.groups.get(id, undefined, options)),
  organizations: pages("organizations"),
  permissions: pages("permissions"),
  profile: ({ users }, id, options) => users.get(id, undefined, options),
  refreshTokens: pages("refreshToken"),
  roles: pages("roles"),
  sessions: pages("sessions"),
};

export async function* hydrate(client, ids, parts, options = { __proto__: null }) {
  const list = Object.keys(readers);
  const isPart = (part) => list.includes(part);
  check(Array.isArray(parts) && parts.length > 0 && parts.every(isPart), `parts must be of ${list.join(", ")}`);
  checkSource("ids", ids);
  checkRecord("options", options);
  const each = [...new Set(parts)];
  const read = async (id, callOptions) => {
    const values = await together(
      callOptions,
      each.map((part) => (left) => readers[part](client, id, left)),
    );
    return Object.fromEntries(each.map((part, place) => [part, values[place]]));
  };
  const name = own(options, "name") ?? `users.hydrate ${each.join()}`;
  yield* bulkRead(ids, read, { __proto__: null, requestsPerItem: each.length, ...options, name });
}
