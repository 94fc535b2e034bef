import type { ManagementClient, RequestOptions, User } from "auth0-users";

import { isManagementError } from "../../client/brand.ts";
import { own } from "../../client/objects.ts";
import { isText } from "../shared/checks.ts";
import { emit } from "../shared/emit.ts";
import { Cursor, type Query, type Resumed } from "./cursor.ts";
import { PageReader, type SearchParameters } from "./page-reader.ts";
import { ResultLimitError } from "./result-limit-error.ts";
import { type ReadPage, scan, type Search } from "./scan.ts";
import { type TieGroup, TieGroups } from "./tie-groups.ts";
import { CAP, FIRST_PAGE, isWhole, type Order, queryAt, queryFrom, type UserPage } from "./windows.ts";

/** All users, one after the other. It runs once: a second loop over it resumes where the first one ended. */
export interface AllUsers<T> extends AsyncIterator<T, undefined, undefined>, AsyncIterable<T> {
  next(): Promise<IteratorResult<T, undefined>>;
  /** Ends the run, the requests that are under way, and each pending `next()`. */
  return(): Promise<IteratorResult<T, undefined>>;
  /** Ends the run as `return()` does, and rejects with the error. */
  throw(error?: unknown): Promise<IteratorResult<T, undefined>>;
  /** How far the run is. */
  readonly progress: AllUsersProgress;
  /**
   * The position behind the user who was given last, as text. `users.all({ cursor })` resumes there: if it was kept after
   * each user was processed, no user is skipped and none is given twice. It holds the query and some ids.
   */
  readonly cursor: string;
  [Symbol.asyncIterator](): this;
}

export interface AllUsersProgress {
  /** How many users were given, including those before the cursor. */
  readonly read: number;
  /** How many requests this run has made. */
  readonly requests: number;
  /** The users that are being read: from this time of creation on, in ISO 8601. Absent at the beginning. */
  readonly window: { readonly from?: string };
}

/** A query, the cursor from which it resumes, and the observer of its progress. */
export interface Run extends Query {
  readonly state: Resumed["state"] | undefined;
  readonly onProgress: ((progress: AllUsersProgress) => unknown) | null | undefined;
}

/** A range of the field that users are ordered by. */
interface Bounds {
  readonly from?: string;
  readonly to?: string;
}

/** So often a page that lacks users is read before that is an error. */
const READINGS = 3;

/** Reads all users of a query, past the limit of a search. */
export class UserIterator implements AllUsers<User> {
  readonly #run: Run;
  readonly #order: Order<"created_at">;
  readonly #cursor: Cursor;
  readonly #reader: PageReader;
  readonly #users: AsyncGenerator<User, undefined, undefined>;
  #failure: { readonly error: unknown } | undefined;
  #isLeft = false;

  constructor(client: ManagementClient, run: Run, order: Order<"created_at">, options: RequestOptions) {
    this.#run = run;
    this.#order = order;
    this.#cursor = new Cursor(order, run.state);
    this.#reader = new PageReader(client, options);
    this.#users = this.#projected();
  }

  get progress(): AllUsersProgress {
    const { read, at } = this.#cursor;
    return { read, requests: this.#reader.requests, window: bounds(at) };
  }

  get cursor(): string {
    return this.#cursor.toText(this.#run);
  }

  async next(): Promise<IteratorResult<User, undefined>> {
    try {
      const result = await this.#users.next();
      // A generator that has failed ends silently, which would look like the end of the list.
      if (result.done && this.#failure) throw this.#failure.error;
      return result;
    } catch (error) {
      if (this.#isLeft) return { done: true, value: undefined };
      this.#failure ??= { error };
      throw this.#failure.error;
    }
  }

  return(): Promise<IteratorResult<User, undefined>> {
    this.#leave();
    return this.#users.return(undefined);
  }

  throw(error?: unknown): Promise<IteratorResult<User, undefined>> {
    this.#leave();
    return this.#users.throw(error);
  }

  /** Ends the request that a pending next() waits for. */
  #leave(): void {
    this.#isLeft = true;
    this.#reader.stop();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async *#projected(): AsyncGenerator<User, undefined, undefined> {
    const { fields } = this.#run;
    this.#reader.begin();
    try {
      this.#reader.check();
      for await (const user of this.#whole()) {
        yield fields ? project(user, fields) : user;
        this.#reader.check();
      }
    } finally {
      this.#reader.stop();
    }
  }

  /** Yields users as they are read. */
  async *#whole(): AsyncGenerator<User, void, undefined> {
    const { at, id } = this.#cursor;
    const { field } = this.#order;
    // A cursor may lie in the midst of a tie group.
    if (field && at !== undefined && id !== undefined) yield* this.#tieGroup(field, at);
    yield* scan(field ? this.#byTime(field) : this.#upToTheCap());
  }

  /** Returns the search by time of creation, which leads past the cap. */
  #byTime(field: "created_at"): Search {
    const cursor = this.#cursor;
    const groups = new TieGroups(field, (at) => this.#readingTieGroup(field, at)(FIRST_PAGE));
    return {
      ...this.#order,
      window: () => this.#readingFrom(field, cursor.at),
      from: () => cursor.at,
      known: () => cursor.ids,
      given: () => cursor.ids,
      pass: (user) => this.#pass(user, "pass"),
      limit: (reason, total) => limit(reason, bounds(cursor.at), total),
      tieGroup: async (first, readLast) => {
        const known = cursor.exhausted ? undefined : cursor.at;
        let group: TieGroup | undefined;
        if (first && readLast) group = await groups.at(known, first, readLast);
        else if (known !== undefined) group = await groups.known(known);
        if (!group) return undefined;
        const { at } = group;
        return { isReached: () => cursor.at === at, users: this.#tieGroup(field, at, group.first) };
      },
    };
  }

  /** Returns the search in another order, which does not lead past the cap: it fails before it gives a user. */
  #upToTheCap(): Search {
    const { q, sort } = this.#run;
    const cursor = this.#cursor;
    return {
      window: () => this.#reading({ q, sort }, {}),
      from: () => undefined,
      known: () => cursor.ids,
      given: () => cursor.ids,
      pass: (user) => this.#pass(user, "pass"),
      limit: (reason, total) => limit(reason, {}, total),
      tieGroup: (first) => {
        throw limit(`a search in the order of ${sort} reaches ${CAP - 1} of them`, {}, first?.total);
      },
    };
  }

  /** Yields all users with the same value, in the order of their ids. */
  async *#tieGroup(field: "created_at", at: string, first?: UserPage): AsyncGenerator<User, void, undefined> {
    const cursor = this.#cursor;
    const search: Search = {
      field: "user_id",
      isUnique: true,
      window: () => this.#readingTieGroup(field, at),
      from: () => cursor.id,
      known: () => new Set(),
      given: () => cursor.ids,
      pass: (user) => this.#pass(user, "passById"),
      skip: (user) => cursor.skipById(user),
      limit: (reason, total) => limit(reason, bounds(at, at), total),
    };
    yield* scan(search, first);
    cursor.finish(at);
  }

  /** Moves the cursor behind a user who is about to be given, unless the run is over. */
  #pass(user: User, how: "pass" | "passById"): void {
    this.#reader.check();
    this.#cursor[how](user);
  }

  #readingFrom(field: "created_at", at: string | undefined): ReadPage {
    const { q, sort } = this.#run;
    const { descending } = this.#order;
    const isInside = (user: User) => {
      const value = own(user, field);
      return isText(value) && (at === undefined || (descending ? value <= at : value >= at));
    };
    const parameters = { q: queryFrom(q, this.#order, at, this.#cursor.exhausted), sort };
    return this.#reading(parameters, bounds(at), isInside);
  }

  #readingTieGroup(field: "created_at", at: string): ReadPage {
    const { id } = this.#cursor;
    const window = bounds(at, at);
    const q = queryFrom(queryAt(this.#run.q, field, at), { field: "user_id", descending: false }, id, true);
    const isInside = (user: User) => own(user, field) === at && (id === undefined || user.user_id > id);
    const read = this.#reading({ q, sort: "user_id:1" }, window, isInside);
    return async (position) => {
      try {
        return await read(position);
      } catch (cause) {
        if (!isManagementError(cause) || cause.statusCode !== 400) throw cause;
        throw limit("the server does not read them by user_id", window, CAP, cause);
      }
    };
  }

  /** Returns what reads pages of a window, each with all its users, and with no user who does not belong there. */
  #reading(
    parameters: Omit<SearchParameters, "fields">,
    window: Bounds,
    isInside: (user: User) => boolean = () => true,
  ): ReadPage {
    const { fields, onProgress } = this.#run;
    // The fields that identify and order users are read in any case.
    const needed = fields && [...new Set([...fields, "user_id", "created_at"] as const)];
    return async (position) => {
      for (let readings = 1; ; readings++) {
        const page = await this.#reader.read({ ...parameters, fields: needed }, position);
        emit(onProgress, this.progress);
        const { users, total } = page;
        if (!users.every((user) => isText(own(user, "user_id")) && isInside(user))) {
          throw limit("the server gives users who are not in the window that was asked for", window, total);
        }
        if (isWhole(page)) return page;
        if (readings < READINGS) continue;
        const count = total === undefined ? "does not say how many there are" : `counts ${total}`;
        throw limit(`a page of ${position.per_page} has ${users.length} and the server ${count}`, window, total);
      }
    };
  }
}

/** Returns a user with only the named fields. */
function project(user: User, fields: readonly string[]): User {
  return Object.fromEntries(Object.entries(user).filter(([name]) => fields.includes(name))) as User;
}

function bounds(from: string | undefined, to?: string): Bounds {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function limit(reason: string, window: Bounds, total: number | undefined, cause?: unknown): ResultLimitError {
  return ResultLimitError.of({ reason, window, total, cause });
}
