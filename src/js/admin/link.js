// Linking two accounts, with what is lost by it.

import { check, checkExact, isExact, isText } from "./check.js";
import { isSame } from "./metadata.js";
import { readSections } from "./overview.js";
import { checkRequest, runSteps, shared, together } from "./steps.js";

/** The provider of an id, and the rest, which may have a bar in it as well. */
function split(id, name) {
  const [, provider, rest] = (isText(id) && /^([^|]+)\|(.+)$/s.exec(id)) || [];
  check(rest, `${name} must be an id with its provider, such as "auth0|123"`);
  return { provider, user_id: rest };
}

/** The keys of `from` that `to` lacks, and those that both have, with other values or with ones that may differ. */
function merge(to = {}, from = {}) {
  const added = {};
  const conflicts = [];
  for (const [key, value] of Object.entries(from)) {
    if (!Object.hasOwn(to, key)) Object.defineProperty(added, key, { value, enumerable: true });
    else if (!isSame(to[key], value) || !isExact(value)) conflicts.push(key);
  }
  return { added, conflicts };
}

const kinds = ["user_metadata", "app_metadata"];

export async function linkAccounts(client, primary, secondary, request = { __proto__: null }, options) {
  const { mergeMetadata = false } = checkRequest(request, ["mergeMetadata", "dryRun", "onProgress"]);
  const asked = mergeMetadata === true ? kinds : mergeMetadata || [];
  check(
    Array.isArray(asked) && asked.every((kind) => kinds.includes(kind)),
    `request.mergeMetadata must be a boolean or an array of ${kinds.join(", ")}`,
  );
  split(primary, "primary");
  const account = split(secondary, "secondary");
  check(primary !== secondary, "primary and secondary must be two accounts");
  const { users } = client;
  const left = shared(options);
  const user = await users.get(primary, undefined, left());
  const isLinked = user.identities?.some(
    ({ provider, user_id }) => provider === account.provider && String(user_id) === account.user_id,
  );
  if (isLinked) {
    const reason = "the accounts are linked already";
    const plan = [{ name: "link", reason }];
    return { ...(await runSteps(plan, request, options)), loses: undefined, identities: user.identities };
  }

  const [other, belongings] = await together(left(), [
    (own) => users.get(secondary, undefined, own),
    (own) => readSections(client, secondary, ["roles", "permissions", "organizations", "authenticationMethods"], own),
  ]);
  const changes = {};
  const loses = { ...belongings };
  for (const kind of kinds) {
    const isAsked = asked.includes(kind);
    const { added, conflicts } = merge(isAsked ? user[kind] : other[kind], other[kind]);
    checkExact(kind, added);
    if (Object.keys(added).length) changes[kind] = added;
    const keys = isAsked ? conflicts : Object.keys(other[kind] ?? {});
    loses[kind] = Object.fromEntries(keys.map((key) => [key, other[kind][key]]));
  }
  let identities;
  const plan = [
    {
      name: "link",
      after: ["mergeMetadata"],
      async run() {
        identities = await users.identities.link(primary, account, left());
      },
    },
  ];
  if (asked.length) {
    plan.unshift({
      name: "mergeMetadata",
      reason: Object.keys(changes).length ? undefined : "there is nothing that the primary account lacks",
      run: async () => void (await users.update(primary, changes, left())),
    });
  }
  return { ...(await runSteps(plan, request, options)), loses, merged: changes, identities };
}
