// What a page about one user shows, in one call.

import { isManagementError } from "auth0-users";

import { blocksOf } from "./access.ts";
import { check, checkId, own } from "./check.ts";
import { isNoUser } from "./find.ts";
import { checkRequest, together } from "./steps.ts";

const listed = (page) => ({ data: page.data, hasMore: page.hasNextPage() });
const first = { per_page: 100 };
const byPlace = { take: 100 };

/** How each section is read. */
const readers = {
  user: async ({ users }, id, options) => ({ data: await users.get(id, undefined, options) }),
  blocks: async ({ userBlocks }, id, options) => ({
    data: blocksOf(await userBlocks.list(id, undefined, options)),
  }),
  authenticationMethods: async ({ users }, id, options) =>
    listed(await users.authenticationMethods.list(id, first, options)),
  enrollments: async ({ users }, id, options) => ({ data: await users.enrollments.get(id, options) }),
  roles: async ({ users }, id, options) => listed(await users.roles.list(id, first, options)),
  permissions: async ({ users }, id, options) => listed(await users.permissions.list(id, first, options)),
  organizations: async ({ users }, id, options) => listed(await users.organizations.list(id, byPlace, options)),
  groups: async ({ users }, id, options) => listed(await users.groups.get(id, byPlace, options)),
  sessions: async ({ users }, id, options) => listed(await users.sessions.list(id, byPlace, options)),
  refreshTokens: async ({ users }, id, options) => listed(await users.refreshToken.list(id, byPlace, options)),
  connectedAccounts: async ({ users }, id, options) => listed(await users.connectedAccounts.list(id, {}, options)),
  logs: async ({ users }, id, options) => listed(await users.logs.list(id, { sort: "date:-1", ...first }, options)),
};

/** Reads these sections; what cannot be read has its error. */
export async function readSections(client, id, names, options) {
  const read = (name) => async (options) => {
    try {
      return [name, { status: "ok", ...(await readers[name](client, id, options)) }];
    } catch (error) {
      if (!isManagementError(error) || (name === "user" && isNoUser(error))) throw error;
      return [name, { status: "failed", error }];
    }
  };
  return Object.fromEntries(await together(options, names.map(read)));
}

export async function overview(client, id, request = { __proto__: null }, options) {
  checkId(id);
  const all = Object.keys(readers);
  const { sections = all } = checkRequest(request, ["sections"]);
  check(
    Array.isArray(sections) && sections.every((name) => Object.hasOwn(readers, name)),
    `request.sections must be an array of ${all.join(", ")}`,
  );
  return readSections(client, id, [...new Set(sections)], options);
}
