import type { ManagementClient, Projected, RequestOptions, User } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { isRecord, record } from "../client/objects.ts";
import { DEFAULT_SORT, isFields, orderOf, readCursor } from "./all/cursor.ts";
import { type AllUsers, type AllUsersProgress, type Run, UserIterator } from "./all/user-iterator.ts";
import type { Query } from "./query.ts";
import { checkObserver, checkRecord } from "./shared/checks.ts";

/** Which users to give, and how. */
export interface AllUsersParameters<F = readonly string[] | string> {
  /** The query, in Lucene syntax; all users by default. */
  q?: string | Query | null;
  /** The fields to give; all by default. */
  fields?: F | null;
  /**
   * `created_at:1`, which is the default, or `created_at:-1`. By another field no more than 999 users can be read: if
   * there are more, the iterator rejects before it gives any.
   */
  sort?: `${string}:${1 | -1}` | null;
  /** The {@link AllUsers.cursor} of an earlier run, to resume from. It holds the other parameters as well. */
  cursor?: string | null;
  /** Called after each request with the progress. Errors that it throws are ignored. */
  onProgress?: (progress: AllUsersProgress) => unknown;
}

const known = ["cursor", "fields", "onProgress", "q", "sort"];

/** Implements `users.all`. Reads nothing before the first user is asked for. */
export function all<const F extends readonly (keyof User)[] | string = string>(
  client: ManagementClient,
  parameters?: AllUsersParameters<F>,
  options?: RequestOptions,
): AllUsers<Projected<User, F>> {
  checkRecord("requestOptions", options);
  const run = readParameters(parameters ?? {});
  return new UserIterator(client, run, orderOf(run.sort), record({ ...options }));
}

/** Reads what is asked for, or what a cursor was made of. */
function readParameters(given: AllUsersParameters): Run {
  check(isRecord(given), 'parameters must be an object such as { q: "email.domain:example.com" }');
  const parameters: AllUsersParameters = record(given);
  // A parameter that is ignored, such as a connection, would give other users than were asked for.
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  check(unknown === undefined, `parameters has no ${unknown}; it may have ${known.join(", ")}`);
  const { cursor, onProgress } = parameters;
  checkObserver("onProgress", onProgress);
  const kept = cursor == null ? undefined : readCursor(cursor);
  const text = (name: "q" | "sort"): string | undefined => {
    // Empty is as good as absent.
    let value: unknown = parameters[name] || kept?.[name];
    // As the queries of query.ts are.
    if (value instanceof String) value = String(value);
    check(value == null || typeof value === "string", `${name} must be text`);
    check(!kept || value === kept[name], `${name} must be what it was when cursor was made, or be left out`);
    return value || undefined;
  };
  const q = text("q");
  const sort = text("sort") ?? DEFAULT_SORT;
  const asked = parameters.fields ?? kept?.fields;
  const fields: unknown = typeof asked === "string" ? asked.split(",").map((name) => name.trim()) : asked;
  check(
    fields == null || isFields(fields),
    "fields must be names of fields: an array, or text with commas between them",
  );
  return { q, sort, fields: fields ? [...fields] : undefined, onProgress, state: kept?.state };
}
