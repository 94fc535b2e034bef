// How to see whether an operation was carried out.

import type { RawResponse } from "../types/responses.ts";
import type { UserIdentitySchema } from "../types/identities.ts";
import type { User } from "../types/users.ts";
import { isExact, isSame } from "./json-values.ts";
import { collect, found } from "./lookups.ts";
import { own, type UnknownRecord } from "./objects.ts";
import type { OperationName } from "./operations.ts";

/** A promise of a value, which can also give the answer that the value came in. */
interface Answered<T> extends Promise<T> {
  withRawResponse(): Promise<Answer<T>>;
}

interface Answer<T> {
  readonly data: T;
  readonly rawResponse: RawResponse;
}

interface Pages<T> extends AsyncIterable<T> {
  readonly response: unknown;
}

type List<T> = (id: string, request: object, options: object) => Promise<Pages<T>>;

interface Permission {
  permission_name?: unknown;
  resource_server_identifier?: unknown;
}

/** What is called of a client to look up what became of a change. */
export interface Lookup {
  readonly users: {
    get(id: string, request: object, options: object): Answered<User>;
    list(request: { q: string }, options: object): Promise<unknown>;
    listUsersByEmail(request: { email: string }, options: object): Answered<User[]>;
    readonly authenticationMethods: { readonly list: List<{ id?: unknown }> };
    readonly permissions: { readonly list: List<Permission> };
    readonly roles: { readonly list: List<{ id?: unknown }> };
  };
}

/** What is proven of a change; undefined if neither is. */
export type Proof = { outcome: "done"; data?: unknown } | { outcome: "not_done" } | undefined;

/** What is known of the call. */
export interface Call {
  /** The options of requests that look up. */
  readonly options: object;
  /**
   * Returns whether a time in an answer is that of the call or later, by the API's own clock; undefined where that does
   * not say, or where the time is less than some minutes before.
   */
  readonly isSince: (time: string | undefined, answer: RawResponse) => boolean | undefined;
}

/** Looks up an operation: with the client, the body that was sent, the call, and the identifiers of its path. */
export type Check = (client: Lookup, body: UnknownRecord, call: Call, ids: readonly unknown[]) => Promise<Proof>;

/** The change was not made. */
export const NOT_DONE = { outcome: "not_done" } as const;
const done = (data?: unknown): Proof => ({ outcome: "done", data });

/** Returns the items of a list; undefined where the answer is not the envelope that was asked for. */
async function all<T>(first: Promise<Pages<T>>): Promise<T[] | undefined> {
  const page = await first;
  return Array.isArray(page.response) ? undefined : collect(first);
}

type Fits = (value: unknown, current: unknown, name: string) => boolean;

/** Two integers that JSON.parse has rounded may look alike and differ. */
const isKnownSame = (one: unknown, other: unknown): boolean => isSame(one, other) && isExact(one);

const isEmpty = (value: unknown): boolean => !value || Object.keys(value).length === 0;

/** Returns whether a user, or its metadata, has what a change asks for. What is null may be gone. */
const hasAll = (wanted: object, has: unknown, fits: Fits = isKnownSame): boolean =>
  Object.entries(wanted).every(([name, value]) => {
    const current = own(has, name);
    return value === null ? current == null : fits(value, current, name);
  });

const fitsUser: Fits = (value, current, name) =>
  isKnownSame(value, current) ||
  // The server may write them in lower case,
  (["email", "username"].includes(name) && String(value).toLowerCase() === current) ||
  // and leave out what is false.
  (["blocked", "email_verified", "phone_verified"].includes(name) && value === (current ?? false));

const hasMetadata = (wanted: unknown, has: unknown): boolean =>
  wanted === undefined || (isEmpty(wanted) ? isEmpty(has) : hasAll(wanted as object, has ?? {}));

const text = (value: unknown): string => String(value);

const sameIdentity = (provider: unknown, userId: unknown) => (one: UserIdentitySchema) =>
  one.provider === provider && [text(one.user_id), `${one.provider}|${one.user_id}`].includes(text(userId));

const samePermission = (one: Permission) => (other: Permission) =>
  one.permission_name === other.permission_name && one.resource_server_identifier === other.resource_server_identifier;

/** Returns what it proves that all of these are there, or none of them. Some of them prove nothing. */
function presence<T>(wanted: T[], isThere: (one: T) => boolean, isPresent: boolean): Proof {
  const there = wanted.filter(isThere).length;
  if (there === (isPresent ? wanted.length : 0)) return done();
  return there === (isPresent ? 0 : wanted.length) ? NOT_DONE : undefined;
}

/** Reads a user with the answer that it came in; undefined if there is none. Only an answer about that user counts. */
async function userOf({ users }: Lookup, id: unknown, { options }: Call): Promise<Answer<User> | undefined> {
  const answer = await found(users.get(id as string, {}, options).withRawResponse());
  if (answer && own(answer.data, "user_id") !== id) throw new Error("the answer is not about the user");
  return answer;
}

/** Returns that the change was not made where the user has not been changed since the call began. */
const unlessChanged = ({ data, rawResponse }: Answer<User>, { isSince }: Call): Proof =>
  isSince(data.updated_at, rawResponse) === false ? NOT_DONE : undefined;

const created: Check = async ({ users }, wanted, { options, isSince }) => {
  const { connection, user_id, user_metadata, app_metadata, password, verify_email, ...rest } = wanted;
  const { email, phone_number } = rest;
  let reads: Promise<unknown>[] = [];
  if (email) {
    const spellings = new Set([email as string, text(email).toLowerCase()]);
    reads = [...spellings].map((email) => users.listUsersByEmail({ email }, options).withRawResponse());
  } else if (phone_number) {
    reads = [users.list({ q: `phone_number:"${text(phone_number)}"` }, options)];
  } else if (user_id) {
    reads = [users.get(`auth0|${text(user_id)}`, {}, options).withRawResponse()];
  }
  const fits: Fits = (value, current, name) => current === undefined || fitsUser(value, current, name);
  // Another program may have created the user at the same time.
  const isAsWanted = (user: User): boolean =>
    (user_id === undefined || text(user.user_id).endsWith(`|${text(user_id)}`)) &&
    hasAll(rest, user, fits) &&
    hasMetadata(user_metadata, user.user_metadata ?? user_metadata) &&
    hasMetadata(app_metadata, user.app_metadata ?? app_metadata);
  let [isOld, isOpen] = [false, false];
  for (const answer of (await Promise.all(reads.map(found))) as (Answer<User | User[]> | undefined)[]) {
    for (const user of [answer?.data ?? []].flat()) {
      const identities = own(user, "identities");
      if (!answer || !Array.isArray(identities)) return undefined;
      const place = identities.findIndex((identity) => identity.connection === connection);
      if (place < 0) continue;
      // The times of a user are those of its first account.
      const isNew = place ? undefined : isSince(user.created_at, answer.rawResponse);
      if (isNew && isAsWanted(user)) return done(user);
      if (isNew === false) isOld = true;
      else isOpen = true;
    }
  }
  // A search may not know the user yet, and the provider of an id is a guess.
  return !isOpen && (isOld || email) ? NOT_DONE : undefined;
};

const updated: Check = async (client, changes, call, [id]) => {
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
};

const deleted: Check = async (client, _body, call, [id]) => {
  const answer = await userOf(client, id, call);
  if (!answer) return done();
  return call.isSince(answer.data.created_at, answer.rawResponse) === false ? NOT_DONE : undefined;
};

const linked: Check = async (client, { provider, user_id }, call, [id]) => {
  const answer = user_id ? await userOf(client, id, call) : undefined;
  const identities = answer?.data.identities;
  if (!answer || !identities) return undefined;
  return identities.some(sameIdentity(provider, user_id)) ? done(identities) : unlessChanged(answer, call);
};

const unlinked: Check = async (client, _body, call, [id, provider, userId]) => {
  const answer = await userOf(client, id, call);
  const identities = answer?.data.identities;
  if (!answer || !identities) return undefined;
  return identities.some(sameIdentity(provider, userId)) ? unlessChanged(answer, call) : done(identities);
};

const methodDeleted: Check = async ({ users }, _body, { options }, [id, method]) => {
  const methods = await found(all(users.authenticationMethods.list(id as string, { per_page: 100 }, options)));
  return methods && (methods.some((one) => one.id === method) ? NOT_DONE : done());
};

const hasRoles =
  (isPresent: boolean): Check =>
  async ({ users }, { roles }, { options }, [id]) => {
    const has = await found(all(users.roles.list(id as string, {}, options)));
    return has && presence(roles as unknown[], (role) => has.some(({ id }) => id === role), isPresent);
  };

const hasPermissions =
  (isPresent: boolean): Check =>
  async ({ users }, { permissions }, { options }, [id]) => {
    const has = await found(all(users.permissions.list(id as string, {}, options)));
    return has && presence(permissions as Permission[], (one) => has.some(samePermission(one)), isPresent);
  };

/** How to see whether an operation was carried out, for those of which the API shows it. */
export const CHECKS: { readonly [Name in OperationName]?: Check } = {
  "users.create": created,
  "users.update": updated,
  "users.delete": deleted,
  "users.identities.link": linked,
  "users.identities.delete": unlinked,
  "users.authenticationMethods.delete": methodDeleted,
  "users.roles.assign": hasRoles(true),
  "users.roles.delete": hasRoles(false),
  "users.permissions.create": hasPermissions(true),
  "users.permissions.delete": hasPermissions(false),
};
