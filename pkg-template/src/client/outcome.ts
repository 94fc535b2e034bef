// Finds out whether a change was made that a call left open.

import { isExact, isSame } from "./json-values.ts";
import { own } from "./objects.ts";
import { isManagementError, notDone, outcomes } from "./errors.ts";

const done = (data) => ({ outcome: "done", data });
const nothing = { outcome: "not_done" };

/** So long after an attempt, nothing more comes of it; so much two clocks may differ. In milliseconds. */
const MARGIN = 120_000;
/** So much later than the `Date` of an answer a time may be that its body tells. */
const SLACK = 5_000;

/** Counts milliseconds, by a clock that is never set where there is one. */
const ticks = () => globalThis.performance?.now() ?? Date.now();

/** Returns what `read` gives, or undefined where the API says that there is no such user. */
async function found(read) {
  try {
    return await read;
  } catch (error) {
    if (isManagementError(error) && error.code === "not_found" && error.errorCode === "inexistent_user") return;
    throw error;
  }
}

/** Returns the items of a list; undefined where the answer is not the envelope that was asked for. */
async function all(first) {
  const page = await first;
  if (Array.isArray(page.response)) return;
  const items = [];
  for await (const item of page) items.push(item);
  return items;
}

/** Two integers that JSON.parse has rounded may look alike and differ. */
const isKnownSame = (one, other) => isSame(one, other) && isExact(one);

const isEmpty = (value) => !value || Object.keys(value).length === 0;

/** Has a user, or its metadata, what a change asks for? What is null may be gone. */
const hasAll = (wanted, has, fits = isKnownSame) =>
  Object.entries(wanted).every(([name, value]) => {
    const current = own(has, name);
    return value === null ? current == null : fits(value, current, name);
  });

const fitsUser = (value, current, name) =>
  isKnownSame(value, current) ||
  // The server may write them in lower case,
  (["email", "username"].includes(name) && String(value).toLowerCase() === current) ||
  // and leave out what is false.
  (["blocked", "email_verified", "phone_verified"].includes(name) && value === (current ?? false));

const hasMetadata = (wanted, has) =>
  wanted === undefined || (isEmpty(wanted) ? isEmpty(has) : hasAll(wanted, has ?? {}));

const sameIdentity = (provider, userId) => (one) =>
  one.provider === provider && [`${one.user_id}`, `${provider}|${one.user_id}`].includes(`${userId}`);
const samePermission = (one) => (other) =>
  one.permission_name === other.permission_name && one.resource_server_identifier === other.resource_server_identifier;

/** Are all of these there, or none of them? Some of them prove nothing. */
function presence(wanted, isThere, isPresent) {
  const there = wanted.filter(isThere).length;
  if (there === (isPresent ? wanted.length : 0)) return done();
  return there === (isPresent ? 0 : wanted.length) ? nothing : undefined;
}

/** Reads a user with the answer that it came in; undefined if there is none. Only an answer about that user counts. */
async function userOf({ users }, id, { options }) {
  const answer = await found(users.get(id, {}, options).withRawResponse());
  if (answer && own(answer.data, "user_id") !== id) throw new Error("the answer is not about the user");
  return answer;
}

/** Gives `nothing` where the user has not been changed since the call began. */
const unlessChanged = ({ data, rawResponse }, { isSince }) =>
  isSince(data.updated_at, rawResponse) === false ? nothing : undefined;

/**
 * How to see whether an operation was carried out; undefined proves neither. Each is given the client, the body that was
 * sent, what the call knows, and what the method was given.
 */
const checks = {
  async "users.create"({ users }, wanted, { options, isSince }) {
    const { connection, user_id, user_metadata, app_metadata, password, verify_email, ...rest } = wanted;
    const { email, phone_number } = rest;
    let reads = [];
    if (email) {
      const spellings = new Set([email, `${email}`.toLowerCase()]);
      reads = [...spellings].map((email) => users.listUsersByEmail({ email }, options).withRawResponse());
    } else if (phone_number) {
      reads = [users.list({ q: `phone_number:"${phone_number}"` }, options)];
    } else if (user_id) {
      reads = [users.get(`auth0|${user_id}`, {}, options).withRawResponse()];
    }
    const fits = (value, current, name) => current === undefined || fitsUser(value, current, name);
    // Another program may have created the user at the same time.
    const isAsWanted = (user) =>
      (user_id === undefined || `${user.user_id}`.endsWith(`|${user_id}`)) &&
      hasAll(rest, user, fits) &&
      hasMetadata(user_metadata, user.user_metadata ?? user_metadata) &&
      hasMetadata(app_metadata, user.app_metadata ?? app_metadata);
    let [isOld, isOpen] = [false, false];
    for (const answer of await Promise.all(reads.map(found))) {
      for (const user of [answer?.data ?? []].flat()) {
        if (!Array.isArray(own(user, "identities"))) return undefined;
        const place = user.identities.findIndex((identity) => identity.connection === connection);
        if (place < 0) continue;
        // The times of a user are those of its first account.
        const isNew = place ? undefined : isSince(user.created_at, answer.rawResponse);
        if (isNew && isAsWanted(user)) return done(user);
        if (isNew === false) isOld = true;
        else isOpen = true;
      }
    }
    // A search may not know the user yet, and the provider of an id is a guess.
    return !isOpen && (isOld || email) ? nothing : undefined;
  },
  async "users.update"(client, changes, call, id) {
    const { password, connection, client_id, verify_email, verify_phone_number, ...visible } = changes;
    if (password !== undefined || connection !== undefined || isEmpty(visible)) return undefined;
    const answer = await userOf(client, id, call);
    if (!answer) return undefined;
    const { user_metadata, app_metadata, ...rest } = visible;
    const user = answer.data;
    const fits =
      hasMetadata(user_metadata, user.user_metadata) &&
      hasMetadata(app_metadata, user.app_metadata) &&
      hasAll(rest, user, fitsUser);
    if (!fits) return unlessChanged(answer, call);
    // No read shows whether a mail was sent.
    const isVisible = [client_id, verify_email, verify_phone_number].every((value) => value === undefined);
    return isVisible ? done(user) : undefined;
  },
  async "users.delete"(client, _body, call, id) {
    const answer = await userOf(client, id, call);
    if (!answer) return done();
    return call.isSince(answer.data.created_at, answer.rawResponse) === false ? nothing : undefined;
  },
  async "users.identities.link"(client, { provider, user_id }, call, id) {
    const answer = user_id && (await userOf(client, id, call));
    const identities = answer?.data.identities;
    if (identities?.some(sameIdentity(provider, user_id))) return done(identities);
    return identities && unlessChanged(answer, call);
  },
  async "users.identities.delete"(client, _body, call, id, provider, userId) {
    const answer = await userOf(client, id, call);
    const identities = answer?.data.identities;
    if (identities?.some(sameIdentity(provider, userId))) return unlessChanged(answer, call);
    return identities && done(identities);
  },
  async "users.authenticationMethods.delete"({ users }, _body, { options }, id, method) {
    const methods = await found(all(users.authenticationMethods.list(id, { per_page: 100 }, options)));
    return methods && (methods.some((one) => one.id === method) ? nothing : done());
  },
};

for (const [name, isPresent] of [
  ["assign", true],
  ["delete", false],
]) {
  checks[`users.roles.${name}`] = async ({ users }, { roles }, { options }, id) => {
    const has = await found(all(users.roles.list(id, {}, options)));
    return has && presence(roles, (role) => has.some(({ id }) => id === role), isPresent);
  };
}
for (const [name, isPresent] of [
  ["create", true],
  ["delete", false],
]) {
  checks[`users.permissions.${name}`] = async ({ users }, { permissions }, { options }, id) => {
    const has = await found(all(users.permissions.list(id, {}, options)));
    return has && presence(permissions, (one) => has.some(samePermission(one)), isPresent);
  };
}

/**
 * The answer of a call, whose error can find out what became of it; or what it would have given, where the caller wants
 * that looked up.
 */
export function settled(answer, client, name, given) {
  const startedAt = Date.now();
  const began = ticks();
  /**
   * Is a time that an answer tells of the call or after it? By the API's own clock; undefined where that does not tell,
   * or where it was less than some minutes before.
   */
  const isSince = (time, { headers }) => {
    const [at, now] = [Date.parse(time), Date.parse(headers.get("date"))];
    const start = now - (ticks() - began);
    if (at >= start && at <= now + SLACK) return true;
    // A Date may be wrong too.
    return at <= Math.min(start, startedAt) - MARGIN ? false : undefined;
  };
  return answer.catch(async (error) => {
    const outcome = outcomes.get(error);
    if (!outcome) throw error;
    const endedAt = ticks();
    const { body = "null", onUnknown, signal, untilMs, ownHeaders: headers, code } = outcome;
    const look = async (limits) => {
      // Nothing is found of what the API may still do.
      const isOver = code || ticks() - endedAt >= MARGIN;
      const options = { headers, ...limits };
      const became = await checks[name]?.(
        client,
        { __proto__: null, ...JSON.parse(body) },
        { isSince, options },
        ...given,
      );
      return became === nothing && !isOver ? undefined : became;
    };
    outcome.verify = () => look();
    if (onUnknown !== "reconcile") throw error;
    const limits = {
      abortSignal: signal,
      deadlineInSeconds: Number.isFinite(untilMs) ? (untilMs - Date.now()) / 1_000 : undefined,
    };
    // What cannot be looked up now is as open as before.
    const { outcome: became, data } = (await look(limits).catch(() => {})) ?? {};
    if (became === "done") return { data, rawResponse: error.rawResponse };
    if (signal?.aborted) throw signal.reason;
    throw became === "not_done" ? notDone(error, code) : error;
  });
}
