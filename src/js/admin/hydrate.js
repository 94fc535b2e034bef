// Many users with what belongs to them.

import { bulk } from "./bulk.js";
import { check, isText } from "./check.js";
import { everything } from "./steps.js";

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

export async function* hydrate(client, ids, parts, options = {}) {
  const list = Object.keys(readers);
  const isPart = (part) => list.includes(part);
  check(Array.isArray(parts) && parts.length > 0 && parts.every(isPart), `parts must be of ${list.join(", ")}`);
  check(!isText(ids), "ids must be an array, an iterable or an async iterable of ids");
  const read = async (id, callOptions) => {
    const values = await Promise.all(parts.map((part) => readers[part](client, id, callOptions)));
    return Object.fromEntries(parts.map((part, place) => [part, values[place]]));
  };
  yield* bulk(ids, read, { requestsPerItem: parts.length, ...options });
}
