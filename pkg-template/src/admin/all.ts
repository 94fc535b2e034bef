// All users, past the limit of a search.

import { isManagementError } from "auth0-users";

import { check, checkObserver, checkRecord, define, isRecord, isText, own } from "./check.ts";
import { Crowds } from "./crowds.ts";
import { isPlace, placeOf } from "./place.ts";
import { Reader } from "./reader.ts";
import { scan } from "./scan.ts";
import { tell } from "./tell.ts";
import { CAP, isWhole, pageBehind, queryAt, queryFrom } from "./windows.ts";

/** So often a page that lacks users is read before that is an error. */
const READINGS = 3;

/** There are users that a search cannot reach, or the server's answers do not prove that there are none. */
export class ResultLimitError extends Error {
  constructor({ reason, total, window, cause }) {
    super(`users.all cannot reach all users: ${reason}`, cause && { cause });
    Object.defineProperty(this, "name", { __proto__: null, value: "ResultLimitError" });
    define(this, { code: "result_limit", total, cap: CAP, window });
  }
}

/** Gives all users, one after the other. Reads nothing before the first is asked for. */
export function all(client, parameters, options) {
  checkRecord("requestOptions", options);
  return new UserIterator(client, given(parameters ?? { __proto__: null }), { __proto__: null, ...options });
}

const DEFAULT_SORT = "created_at:1";
const known = ["cursor", "fields", "onProgress", "q", "sort"];

/** What was asked for, or what a cursor was made of. */
function given(asked) {
  check(isRecord(asked), 'parameters must be an object such as { q: "email.domain:example.com" }');
  const parameters = { __proto__: null, ...asked };
  // One that were not heeded, such as a connection, would give others than those who were asked for.
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  check(unknown === undefined, `parameters has no ${unknown}; it may have ${known.join(", ")}`);
  const { cursor, onProgress } = parameters;
  checkObserver("onProgress", onProgress);
  const kept = cursor == null ? undefined : opened(cursor);
  const [q, sort = DEFAULT_SORT] = ["q", "sort"].map((name) => {
    // Empty is as good as absent.
    let value = parameters[name] || kept?.[name];
    // As the queries of search.js are.
    if (value instanceof String) value = String(value);
    check(value == null || typeof value === "string", `${name} must be text`);
    check(!kept || value === kept[name], `${name} must be what it was when cursor was made, or be left out`);
    return value || undefined;
  });
  let fields = parameters.fields ?? kept?.fields;
  if (typeof fields === "string") fields = fields.split(",").map((name) => name.trim());
  check(fields == null || isList(fields), "fields must be names of fields: an array, or text with commas between them");
  return { q, sort, fields: fields ? [...fields] : undefined, place: kept?.place, onProgress };
}

const isList = (fields) => Array.isArray(fields) && fields.length > 0 && fields.every(isText);

function opened(cursor) {
  try {
    const { version, q, sort = DEFAULT_SORT, fields, place: at } = { __proto__: null, ...JSON.parse(cursor) };
    const place = { __proto__: null, ...at };
    const areTexts = [q ?? "", sort].every((text) => typeof text === "string");
    const isWhole = areTexts && (fields == null || isList(fields)) && isPlace(place, orderOf(sort));
    if (version === 1 && isWhole) return { q, sort, fields, place };
  } catch {
    // Said below.
  }
  return check(false, "cursor must be one that users.all() gave");
}

function orderOf(sort) {
  const [, direction] = /^created_at:(-?1)$/.exec(sort) ?? [];
  return { field: direction && "created_at", descending: direction === "-1" };
}

class UserIterator {
  #crowds;
  #failure;
  #given;
  #isLeft = false;
  #order;
  #place;
  #reader;
  #users;

  constructor(client, given, options) {
    this.#order = orderOf(given.sort);
    this.#given = given;
    this.#place = placeOf(this.#order, given.place);
    this.#reader = new Reader(client, options);
    this.#crowds = new Crowds(this.#order.field, (at) => this.#readingInstant(at)(pageBehind(0)));
    this.#users = this.#projected();
  }

  get progress() {
    const { read, at } = this.#place;
    return { read, requests: this.#reader.requests, window: { from: at } };
  }

  get cursor() {
    const { q, sort, fields } = this.#given;
    return JSON.stringify({ version: 1, q, sort, fields, place: this.#place });
  }

  async next() {
    try {
      const result = await this.#users.next();
      // A generator that has failed ends without a word, which would look like the end of the list.
      if (result.done && this.#failure) throw this.#failure.error;
      return result;
    } catch (error) {
      if (this.#isLeft) return { done: true, value: undefined };
      this.#failure ??= { error };
      throw this.#failure.error;
    }
  }

  return() {
    this.#leave();
    return this.#users.return();
  }

  throw(error) {
    this.#leave();
    return this.#users.throw(error);
  }

  /** Ends the request that a pending next() waits for. */
  #leave() {
    this.#isLeft = true;
    this.#reader.stop();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async *#projected() {
    const { fields } = this.#given;
    const only = (user) => Object.fromEntries(Object.entries(user).filter(([name]) => fields.includes(name)));
    this.#reader.begin();
    try {
      this.#reader.check();
      for await (const user of this.#whole()) {
        yield fields ? only(user) : user;
        this.#reader.check();
      }
    } finally {
      this.#reader.stop();
    }
  }

  /** Users as they are read. */
  async *#whole() {
    const { at, id } = this.#place;
    // A cursor may lie in the midst of an instant.
    if (id !== undefined) yield* this.#instant(at);
    yield* scan(this.#order.field ? this.#byTime() : this.#upToTheCap());
  }

  /** By their creation there is a way past the cap. */
  #byTime() {
    const place = this.#place;
    return {
      ...this.#order,
      window: () => this.#readingFrom(place.at),
      from: () => place.at,
      known: () => place.ids,
      given: () => place.ids,
      pass: (user) => this.#pass(user, "pass"),
      capped: (reason, total) => this.#capped(reason, { from: place.at }, total),
      crowd: async (first, readLast) => {
        const known = place.isBehind ? undefined : place.at;
        const crowd = first ? await this.#crowds.at(known, first, readLast) : await this.#crowds.known(known);
        return crowd && { isReached: () => place.at === crowd.at, users: this.#instant(crowd.at, crowd.first) };
      },
    };
  }

  /** In another order there is none: it fails before it gives a user. */
  #upToTheCap() {
    const { q, sort } = this.#given;
    const place = this.#place;
    const capped = (reason, total) => this.#capped(reason, {}, total);
    return {
      window: () => this.#reading({ q, sort }, { window: {} }),
      from: () => undefined,
      known: () => place.ids,
      given: () => place.ids,
      pass: (user) => this.#pass(user, "pass"),
      capped,
      crowd: (first) => {
        throw capped(`a search in the order of ${sort} reaches ${CAP - 1} of them`, first?.total);
      },
    };
  }

  /** All users who were created at the same time, by their ids. */
  async *#instant(at, first) {
    const place = this.#place;
    yield* scan(
      {
        field: "user_id",
        isUnique: true,
        window: () => this.#readingInstant(at),
        from: () => place.id,
        known: () => new Set(),
        given: () => place.ids,
        pass: (user) => this.#pass(user, "passById"),
        skip: (user) => place.skipById(user),
        capped: (reason, total) => this.#capped(reason, { from: at, to: at }, total),
      },
      first,
    );
    place.finish(at);
  }

  /** Moves the place behind a user who is about to be given, unless the run is over. */
  #pass(user, how) {
    this.#reader.check();
    this.#place[how](user);
  }

  #readingFrom(at) {
    const { q, sort } = this.#given;
    const { field, descending } = this.#order;
    const isInside = (user) => {
      const value = own(user, field);
      return isText(value) && (at === undefined || (descending ? value <= at : value >= at));
    };
    const parameters = { q: queryFrom(q, this.#order, at, this.#place.isBehind), sort };
    return this.#reading(parameters, { isInside, window: { from: at } });
  }

  #readingInstant(at) {
    const { field } = this.#order;
    const { id } = this.#place;
    const window = { from: at, to: at };
    const q = queryFrom(queryAt(this.#given.q, field, at), { field: "user_id" }, id, true);
    const isInside = (user) => own(user, field) === at && (id === undefined || user.user_id > id);
    const read = this.#reading({ q, sort: "user_id:1" }, { isInside, window });
    return async (page) => {
      try {
        return await read(page);
      } catch (cause) {
        if (!isManagementError(cause) || cause.statusCode !== 400) throw cause;
        throw this.#capped("the server does not read them by user_id", window, CAP, cause);
      }
    };
  }

  /** Reads pages of a window, each with all its users, and with none who does not belong there. */
  #reading(parameters, kind) {
    const { isInside = () => true, window } = { __proto__: null, ...kind };
    const { fields, onProgress } = this.#given;
    // The fields that users are told apart and ordered by are read in any case.
    const needed = fields && { fields: [...new Set([...fields, "user_id", "created_at"])] };
    return async (place) => {
      for (let readings = 1; ; readings++) {
        const page = await this.#reader.read({ ...parameters, ...needed }, place);
        tell(onProgress, this.progress);
        const { users, total } = page;
        if (!users.every((user) => isText(own(user, "user_id")) && isInside(user))) {
          throw this.#capped("the server gives users who are not in the window that was asked for", window, total);
        }
        if (isWhole(page)) return page;
        if (readings < READINGS) continue;
        const count = total === undefined ? "does not say how many there are" : `counts ${total}`;
        throw this.#capped(`a page of ${place.per_page} has ${users.length} and the server ${count}`, window, total);
      }
    };
  }

  #capped(reason, window, total, cause) {
    return new ResultLimitError({ reason, total, window, cause });
  }
}
