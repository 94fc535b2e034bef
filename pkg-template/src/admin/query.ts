// Queries for `users.list({ q })` whose values cannot become syntax.

import { check } from "../client/argument-errors.ts";
import { checkLength, inspect, isClosed, refuseRange, refuseShort, refuseWildcard } from "./query/syntax.ts";

/** A value of a query. A date is its ISO text. */
export type QueryValue = string | number | bigint | boolean | Date;

/** The limits of a range, of which at least one is needed: greater than, less than, and the same or equal. */
export interface QueryLimits {
  gt?: QueryValue;
  gte?: QueryValue;
  lt?: QueryValue;
  lte?: QueryValue;
}

/** A query for `users.list({ q })`, as a `String` object. */
// eslint-disable-next-line @typescript-eslint/no-wrapper-object-types -- It is such an object.
export type Query = String & {
  /** Returns the query as the parameter `q` of a URL; {@link parseQuery} reads it. */
  toURLSearchParams(): Parameters;
};

interface Readable {
  get(name: string): string | null;
}

/** `URLSearchParams`, where the program has the types for it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- Elsewhere its type is not known.
type Parameters = typeof globalThis extends { URLSearchParams: { prototype: infer P } } ? P : any;

class QueryText extends String {
  constructor(text: string) {
    super(checkLength(text));
  }

  toURLSearchParams(): URLSearchParams {
    return new URLSearchParams({ q: String(this) });
  }
}

/**
 * Makes a query from a template, with each value as a quoted phrase:
 * `` q`email:${email} AND app_metadata.plan:${plan}` ``. An array matches any of its values; a query is put into brackets.
 * The text between the values is the syntax of the API.
 *
 * Throws a `TypeError` (`code: "invalid_argument"`) for what the API refuses: wildcards and ranges on `user_metadata`, a
 * leading wildcard with fewer than 3 other characters (`name:*sa`; `name:j*` is fine), quotes and brackets that do not
 * match, more than 8,192 bytes, percent-encoded; and for a value that is no whole term.
 */
export function q(parts: TemplateStringsArray, ...values: (QueryValue | readonly QueryValue[] | Query)[]): Query {
  check(Array.isArray((parts as Partial<TemplateStringsArray> | undefined)?.raw), "q is a template: q`email:${email}`");
  // As they stand in the program: a backslash of the syntax is written as one.
  const texts = parts.raw;
  // A value must not stand in a phrase or a range, so none may be open before it.
  checkLength(textOf("query", texts.join("")));
  texts.forEach((part, index) => {
    check(isClosed(part), `part ${index + 1} of the query has unbalanced quotes or brackets`);
  });
  const [start = "", ...rest] = texts;
  const pieces = [start];
  values.forEach((value, index) => {
    // Where nothing lies between two values, the one precedes the other.
    const before = pieces.at(-1) || (pieces.at(-2) ?? "");
    const after = rest[index] ?? "";
    pieces.push(placed(value, `value ${index + 1}`, before, after), after);
  });
  const query = new QueryText(pieces.join(""));
  inspect(String(query));
  return query;
}

/** Reads a query from text, or from the parameter `q` of a URL, and refuses it as {@link q} does. */
export function parseQuery(from: string | Query | Readable | { readonly searchParams: Readable }): Query {
  // By what they can do: those of a page that a test makes up, or of a router, are of other classes.
  const parameters = (from as { readonly searchParams?: Readable } | undefined)?.searchParams ?? (from as Readable);
  const query = typeof parameters?.get === "function" ? parameters.get("q") : from;
  check(typeof query === "string" || query instanceof String, "query must be text, a URL with q, or its parameters");
  const parsed = new QueryText(textOf("query", String(query)));
  inspect(String(parsed));
  return parsed;
}

/** Returns a query for users whose field has exactly this value. Email, name, given_name, family_name and nickname ignore case. */
export function eq(field: string, value: QueryValue): Query {
  return unit(`${fieldName(field)}:${phrase(textOf("value", value))}`);
}

/** Returns a query for users whose field begins with this text of at least one character; not for `user_metadata`. */
export function prefix(field: string, value: QueryValue): Query {
  const start = textOf("value", value);
  refuseWildcard(fieldName(field));
  check(start !== "", "value must have a character at least: use exists for users with any value");
  return unit(`${field}:${escaped(start)}*`);
}

/** Returns a query for users whose field has this text of at least 3 characters anywhere; not for `user_metadata`. */
export function contains(field: string, value: QueryValue): Query {
  const part = textOf("value", value);
  refuseWildcard(fieldName(field));
  refuseShort(part);
  return unit(`${field}:*${escaped(part)}*`);
}

/** Returns a query for users whose field lies between limits; not for `user_metadata`. */
export function range(field: string, limits: QueryLimits): Query {
  refuseRange(fieldName(field));
  const given = Object.entries((limits as QueryLimits | undefined) ?? {}).filter(([, value]) => value !== undefined);
  check(
    given.length > 0 && given.every(([name]) => /^[gl]te?$/.test(name)),
    'limits must be an object such as { gte: "2024-01-01", lt: "2025-01-01" }',
  );
  const { gt, gte, lt, lte } = Object.fromEntries(given) as QueryLimits;
  check(gt === undefined || gte === undefined, "limits must have one of gt and gte");
  check(lt === undefined || lte === undefined, "limits must have one of lt and lte");
  const low = gt !== undefined ? `{${bound("gt", gt)}` : gte !== undefined ? `[${bound("gte", gte)}` : "[*";
  const high = lt !== undefined ? `${bound("lt", lt)}}` : lte !== undefined ? `${bound("lte", lte)}]` : "*]";
  return unit(`${field}:${low} TO ${high}`);
}

/** Returns a query for users who have a value in this field. */
export function exists(field: string): Query {
  return unit(`_exists_:${fieldName(field)}`);
}

/** Returns a query for users whom all of the queries match. */
export function and(...queries: [Query, ...Query[]]): Query {
  return joined("and", queries);
}

/** Returns a query for users whom one of the queries matches. */
export function or(...queries: [Query, ...Query[]]): Query {
  return joined("or", queries);
}

/** Returns a query for users whom the query does not match. */
export function not(query: Query): Query {
  check(query instanceof QueryText, "not needs a query of eq, prefix, contains, range, exists, and, or, not, or q");
  // A query of nothing but NOT matches no user, so it begins with all users.
  return unit(`(user_id:* AND NOT ${inside(query)})`);
}

/** Returns a text as a quoted phrase. */
export const phrase = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

const escaped = (text: string) => text.replace(/[^\p{L}\p{N}_]/gu, "\\$&");

/** Queries that need no brackets inside of another one. */
const units = new WeakSet<object>();

/** Makes a query that stands by itself inside of another one. */
function unit(text: string): Query {
  const query = new QueryText(text);
  units.add(query);
  return query;
}

const inside = (query: Query) => (units.has(query) ? String(query) : `(${String(query)})`);

function joined(operator: "and" | "or", queries: readonly Query[]): Query {
  const needed = `${operator} needs queries of eq, prefix, contains, range, exists, and, or, not, or q`;
  const [first, ...others] = queries;
  check(first && queries.every((query) => query instanceof QueryText), needed);
  if (others.length === 0) return first;
  return unit(`(${queries.map(inside).join(` ${operator.toUpperCase()} `)})`);
}

function textOf(name: string, value: unknown): string {
  const isDate = value instanceof Date && !Number.isNaN(value.getTime());
  check(isDate || isScalar(value), `${name} must be text, a number, a boolean or a date`);
  const text = isDate ? value.toISOString() : String(value);
  // Half of a surrogate pair has no place in a URL.
  check(!/\p{Cs}/u.test(text), `${name} must be well-formed text`);
  return text;
}

function isScalar(value: unknown): value is string | number | bigint | boolean {
  return /^(string|boolean|bigint)$/.test(typeof value) || Number.isFinite(value);
}

function fieldName(field: string): string {
  check(
    typeof field === "string" && /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(field),
    "field must be a name such as app_metadata.plan: letters, digits, dots, hyphens and underscores",
  );
  return field;
}

function bound(name: string, value: QueryValue): string {
  const limit = textOf(name, value);
  check(
    /^[\w.:+-]+$/.test(limit) && limit !== "TO",
    `${name} must be a date, a number, or a text of letters, digits and .:+-_`,
  );
  return limit;
}

/** Returns the text of a value of a template, between what precedes it directly and what follows it. */
function placed(
  value: QueryValue | readonly QueryValue[] | Query,
  name: string,
  before: string,
  after: string,
): string {
  const isApart = /^[\s(:]?$/.test(before.slice(-1)) && /^[\s)]?$/.test(after.slice(0, 1));
  check(isApart, `${name} must be a whole term, without quotes or wildcards around it: see prefix, contains and range`);
  if (value instanceof QueryText) {
    check(!endsWithField(before), `${name} is a query and cannot be the value of a field`);
    return inside(value);
  }
  if (!Array.isArray(value)) return phrase(textOf(name, value));
  check(value.length > 0, `${name} must have an element: no user matches one of none`);
  return `(${value.map((item) => phrase(textOf(name, item))).join(" OR ")})`;
}

/** Returns whether a text ends with a colon, but for spaces and opening brackets. */
function endsWithField(text: string): boolean {
  let end = text.length;
  while (/[\s(]/.test(text.charAt(end - 1))) end--;
  return text.charAt(end - 1) === ":";
}
