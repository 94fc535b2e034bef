// Linking two accounts, with what is lost by it.

import { isExact, isSame } from "../client/json-values.ts";
import { define } from "../client/objects.ts";
import { check, checkExact, isText, own } from "./check.ts";
import { readSections } from "./overview.ts";
import { checkRequest, runSteps, shared, together } from "./steps.ts";

/** The provider of an id, and the rest, which may have a bar in it as well. */
function split(id, name) {
  const [, provider, rest] = (isText(id) && /^([^|]+)\|(.+)$/s.exec(id)) || [];
  check(rest, `${name} must be an id with its provider, such as "auth0|123"`);
  return { provider, user_id: rest };
}

/** The keys of `from` that `to` lacks, and those that both have, with other values or with ones that may differ. */
function merge(to, from) {
  const added = {};
  const conflicts = [];
  for (const [key, value] of Object.entries(from)) {
    if (!Object.hasOwn(to, key)) Object.defineProperty(added, key, { __proto__: null, value, enumerable: true });
    else if (!isSame(to[key], value) || !isExact(value)) conflicts.push(key);
  }
  return { added, conflicts };
}

const kinds = ["user_metadata", "app_metadata"];

export async function linkAccounts(client, primary, secondary, request = { __proto__: null }, options) {
  const given = checkRequest(request, ["mergeMetadata", "dryRun", "onProgress"]);
  const { mergeMetadata = false } = given;
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
  const before = own(user, "identities");
  const isLinked = before?.some(
    (one) => own(one, "provider") === account.provider && String(own(one, "user_id")) === account.user_id,
  );
  if (isLinked) {
    const reason = "the accounts are linked already";
    const plan = [{ name: "link", reason }];
    return { ...(await runSteps(plan, given, options)), losses: undefined, identities: before };
  }

  const [other, belongings] = await together(left(), [
    (left) => users.get(secondary, undefined, left),
    (left) => readSections(client, secondary, ["roles", "permissions", "organizations", "authenticationMethods"], left),
  ]);
  const changes = {};
  const losses = { ...belongings };
  for (const kind of kinds) {
    const isAsked = asked.includes(kind);
    const has = own(other, kind) ?? {};
    const { added, conflicts } = merge(isAsked ? (own(user, kind) ?? {}) : has, has);
    checkExact(kind, added);
    if (Object.keys(added).length) define(changes, { [kind]: added });
    const keys = isAsked ? conflicts : Object.keys(has);
    define(losses, { [kind]: Object.fromEntries(keys.map((key) => [key, has[key]])) });
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
  return { ...(await runSteps(plan, given, options)), losses, merged: changes, identities };
}
