// What became of a change whose outcome nobody knows: looked up where the API can tell.

import { isManagementError, notDone, outcomes } from "./bindgen/js/errors.js";

const done = (data) => ({ outcome: "done", data });
const nothing = { outcome: "not_done" };
const doneIf = (condition, data) => (condition ? done(data) : nothing);

/** What `read` gives, or undefined where the server has nothing. */
async function found(read) {
  try {
    return await read;
  } catch (error) {
    if (isManagementError(error) && error.statusCode === 404) return undefined;
    throw error;
  }
}

async function all(page) {
  const items = [];
  for await (const item of await page) items.push(item);
  return items;
}

function isSame(one, other) {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
}

/** Has an object what a change asked for? What is null may be gone. */
function hasAll(wanted, has) {
  return Object.entries(wanted).every(([name, value]) =>
    value === null ? has[name] == null : isSame(value, has[name]),
  );
}

/** The same for a user. */
function hasFields(wanted, user) {
  return Object.entries(wanted).every(
    ([name, value]) =>
      hasAll({ [name]: value }, user) ||
      // The server may write them in lower case.
      (["email", "username"].includes(name) && String(value).toLowerCase() === user[name]) ||
      // It may leave out what is false.
      (["blocked", "email_verified", "phone_verified"].includes(name) && value === (user[name] ?? false)),
  );
}

const isEmpty = (value) => Object.keys(value).length === 0;
const samePermission = (one) => (other) =>
  one.permission_name === other.permission_name && one.resource_server_identifier === other.resource_server_identifier;

/** Are all of these there, or none of them? */
function presence(wanted, isThere, isPresent) {
  const there = wanted.filter(isThere).length;
  return doneIf(there === (isPresent ? wanted.length : 0));
}

/**
 * How to see whether an operation was carried out. Each is given the client, the body that was sent, the time at which
 * the call was made, what the reads shall go by, and what the method was.
 */
const checks = {
  async "users.create"({ users }, { connection, user_id, email }, { since, options }) {
    const isIt = (user) => user?.identities?.some((identity) => identity.connection === connection);
    const reads = [];
    if (user_id) reads.push(users.get(`auth0|${user_id}`, {}, options).withRawResponse());
    else if (email) {
      for (const spelling of new Set([email, email.toLowerCase()])) {
        reads.push(users.listUsersByEmail({ email: spelling }, options).withRawResponse());
      }
    } else return undefined;
    for (const answer of await Promise.all(reads.map(found))) {
      const user = [answer?.data].flat().find(isIt);
      // Somebody else's user of that name was there before the call.
      if (user) return doneIf(Date.parse(user.created_at) >= since(answer.rawResponse), user);
    }
    return nothing;
  },
  async "users.update"({ users }, changes, { options }, id) {
    const { password, user_metadata, app_metadata, connection, client_id, verify_email, verify_phone_number, ...rest } =
      changes;
    if (password !== undefined || connection !== undefined) return undefined;
    const user = await found(users.get(id, {}, options));
    if (!user) return nothing;
    const metadata = [
      [user_metadata, user.user_metadata ?? {}],
      [app_metadata, user.app_metadata ?? {}],
    ];
    const fits = metadata.every(([wanted, has]) => !wanted || (isEmpty(wanted) ? isEmpty(has) : hasAll(wanted, has)));
    return doneIf(fits && hasFields(rest, user), user);
  },
  async "users.delete"({ users }, _body, { options }, id) {
    return doneIf(!(await found(users.get(id, { fields: ["user_id"] }, options))));
  },
  async "users.identities.link"({ users }, { provider, user_id }, { options }, id) {
    if (!user_id) return undefined;
    const { identities = [] } = (await found(users.get(id, {}, options))) ?? {};
    const isIt = (one) => [`${one.user_id}`, `${provider}|${one.user_id}`].includes(`${user_id}`);
    const isLinked = identities.some((one) => one.provider === provider && isIt(one));
    return doneIf(isLinked, identities);
  },
  async "users.identities.delete"({ users }, _body, { options }, id, provider, userId) {
    const { identities = [] } = (await found(users.get(id, {}, options))) ?? {};
    return doneIf(
      !identities.some((one) => one.provider === provider && String(one.user_id) === String(userId)),
      identities,
    );
  },
  async "users.authenticationMethods.delete"({ users }, _body, { options }, id, method) {
    return doneIf(!(await found(users.authenticationMethods.get(id, method, options))));
  },
};

for (const [name, isPresent] of [
  ["assign", true],
  ["delete", false],
]) {
  checks[`users.roles.${name}`] = async ({ users }, { roles }, { options }, id) => {
    const has = await all(users.roles.list(id, {}, options));
    return presence(roles, (role) => has.some(({ id }) => id === role), isPresent);
  };
}
for (const [name, isPresent] of [
  ["create", true],
  ["delete", false],
]) {
  checks[`users.permissions.${name}`] = async ({ users }, { permissions }, { options }, id) => {
    const has = await all(users.permissions.list(id, {}, options));
    return presence(permissions, (one) => has.some(samePermission(one)), isPresent);
  };
}

/**
 * The answer of a call, whose error can tell what became of it; or what it would have given, where the caller wants
 * that looked up.
 */
export function settled(answer, client, name, given) {
  const startedAt = Date.now();
  // By the server's clock where it tells; its header has no more than seconds.
  const since = ({ headers }) => {
    const now = Date.parse(headers.get("date")) || Date.now();
    return now - (Date.now() - startedAt) - 2_000;
  };
  return answer.catch(async (error) => {
    const outcome = outcomes.get(error);
    if (!outcome) throw error;
    const { body = "null", onUnknown, signal, deadlineMs } = outcome;
    const look = async (options) => checks[name]?.(client, JSON.parse(body), { since, options }, ...given);
    outcome.verify = () => look();
    if (onUnknown !== "reconcile") throw error;
    const options = {
      abortSignal: signal,
      deadlineInSeconds: deadlineMs && (startedAt + deadlineMs - Date.now()) / 1_000,
    };
    // What cannot be looked up now is as open as before.
    const { outcome: became, data } = (await look(options).catch(() => {})) ?? {};
    if (became === "done") return { data, rawResponse: error.rawResponse };
    if (signal?.aborted) throw signal.reason;
    // Who answered will not carry it out any more.
    throw became === "not_done" && error.statusCode ? notDone(error) : error;
  });
}
