// Everybody, past the cap of a search.

import { isManagementError } from "auth0-users";

import { check, checkObserver, checkRecord, isRecord, isText } from "./check.js";
import { Crowds } from "./crowds.js";
import { isPlace, placeOf } from "./place.js";
import { Reader } from "./reader.js";
import { scan } from "./scan.js";
import { tell } from "./tell.js";
import { CAP, pageBehind, queryAt, queryFrom } from "./windows.js";

/** There are users that a search cannot reach. */
export class PageCapError extends Error {
  constructor({ reason, total, window, cause }) {
    super(`users.all cannot reach everybody: ${reason}`, cause && { cause });
    Object.defineProperty(this, "name", { value: "PageCapError" });
    Object.assign(this, { code: "page_cap", total, cap: CAP, window });
  }
}

/** Gives everybody, one after the other. Reads nothing before the first is asked for. */
export function all(client, parameters, options) {
  checkRecord("requestOptions", options);
  return new Everyone(client, given(parameters ?? {}), options ?? {});
}

const DEFAULT_SORT = "created_at:1";
const known = ["cursor", "fields", "onProgress", "q", "sort"];

/** What was asked for, or what a cursor was made of. */
function given(parameters) {
  check(isRecord(parameters), 'parameters must be an object such as { q: "email.domain:example.com" }');
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
    const { version, q, sort = DEFAULT_SORT, fields, place } = JSON.parse(cursor);
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

class Everyone {
  #crowds;
  #given;
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
    this.#users = this.#everybody();
  }

  get progress() {
    const { read, at } = this.#place;
    return { read, requests: this.#reader.requests, window: { from: at } };
  }

  get cursor() {
    const { q, sort, fields } = this.#given;
    return JSON.stringify({ version: 1, q, sort, fields, place: this.#place });
  }

  next() {
    return this.#users.next();
  }

  return() {
    // Who waits for the next user would otherwise wait for the answer first.
    this.#reader.stop();
    return this.#users.return();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async *#everybody() {
    const { fields } = this.#given;
    const only = (user) => Object.fromEntries(Object.entries(user).filter(([name]) => fields.includes(name)));
    this.#reader.begin();
    try {
      for await (const user of this.#whole()) yield fields ? only(user) : user;
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
    const { q, sort } = this.#given;
    const place = this.#place;
    const { field } = this.#order;
    return {
      ...this.#order,
      window: () => this.#reading({ q: queryFrom(q, this.#order, place.at, place.isBehind), sort }),
      known: () => place.ids,
      given: () => place.ids,
      pass: (user) => place.pass(user),
      capped: (reason, total) => this.#capped(reason, { from: place.at }, total),
      crowd: async (first, readLast) => {
        const known = place.isBehind ? undefined : place.at;
        const crowd = first ? await this.#crowds.at(known, first, readLast) : await this.#crowds.known(known);
        return crowd && { isReached: () => place.at === crowd.at, users: this.#instant(crowd.at, crowd.first) };
      },
    };
  }

  /** In another order there is none: it is said before anybody is given. */
  #upToTheCap() {
    const { q, sort } = this.#given;
    const place = this.#place;
    const capped = (reason, total) => this.#capped(reason, {}, total);
    return {
      window: () => this.#reading({ q, sort }),
      known: () => place.ids,
      given: () => place.ids,
      pass: (user) => place.pass(user),
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
        known: () => new Set(),
        given: () => place.ids,
        pass: (user) => place.passById(user),
        skip: (user) => place.skipById(user),
        capped: (reason, total) => this.#capped(reason, { from: at, to: at }, total),
      },
      first,
    );
    place.finish(at);
  }

  #readingInstant(at) {
    const q = queryFrom(queryAt(this.#given.q, this.#order.field, at), { field: "user_id" }, this.#place.id, true);
    const read = this.#reading({ q, sort: "user_id:1" });
    return async (page) => {
      try {
        return await read(page);
      } catch (cause) {
        if (!isManagementError(cause) || cause.statusCode !== 400) throw cause;
        throw this.#capped("the server does not read them by user_id", { from: at, to: at }, undefined, cause);
      }
    };
  }

  #reading(parameters) {
    const { fields, onProgress } = this.#given;
    // What they are told apart and ordered by is needed, whoever asked for it.
    const needed = fields && { fields: [...new Set([...fields, "user_id", "created_at"])] };
    return async (page) => {
      const answer = await this.#reader.read({ ...parameters, ...needed }, page);
      tell(onProgress, this.progress);
      return answer;
    };
  }

  #capped(reason, window, total = CAP, cause) {
    return new PageCapError({ reason, total, window, cause });
  }
}
