/** What a value of a query may be. A date is its ISO text. */
export type QueryValue = string | number | bigint | boolean | Date;

/** The limits of a range, of which at least one is needed: greater than, less than, and the same or equal. */
export interface QueryLimits {
  gt?: QueryValue;
  gte?: QueryValue;
  lt?: QueryValue;
  lte?: QueryValue;
}

/** A query for `users.list({ q })`, as a `String` object. */
export type Query = String & {
  /** The query as the parameter `q` of a URL; {@link parseQuery} reads it. */
  toURLSearchParams(): Parameters;
};

/**
 * A query with values, each a quoted phrase whatever is in it: `` q`email:${email} AND app_metadata.plan:${plan}` ``. A list
 * is any of its values; a query is put into brackets. What stands between the values is the syntax of the API.
 *
 * Throws a `TypeError` (`code: "invalid_argument"`) for what the API refuses: wildcards and ranges on `user_metadata`, a
 * leading wildcard with fewer than 3 other characters (`name:*sa`; `name:j*` is fine), quotes and brackets that do not
 * match, more than 8,192 bytes, percent-encoded; and for a value that is no whole term.
 */
export function q(parts: TemplateStringsArray, ...values: (QueryValue | readonly QueryValue[] | Query)[]): Query;
/** Users whose field has exactly this value. Email, name, given_name, family_name and nickname ignore case. */
export function eq(field: string, value: QueryValue): Query;
/** Users whose field begins with this text of at least one character; not for `user_metadata`. */
export function prefix(field: string, value: QueryValue): Query;
/** Users whose field has this text of at least 3 characters anywhere; not for `user_metadata`. */
export function contains(field: string, value: QueryValue): Query;
/** Users whose field lies between limits; not for `user_metadata`. */
export function range(field: string, limits: QueryLimits): Query;
/** Users who have a value in this field. */
export function exists(field: string): Query;
/** Users whom all of the queries match. */
export function and(...queries: [Query, ...Query[]]): Query;
/** Users whom one of the queries matches. */
export function or(...queries: [Query, ...Query[]]): Query;
/** Users whom the query does not match. */
export function not(query: Query): Query;
/** Reads a query from text, or from the parameter `q` of a URL, and refuses it as {@link q} does. */
export function parseQuery(from: string | Query | Readable | { readonly searchParams: Readable }): Query;

interface Readable {
  get(name: string): string | null;
}

/** `URLSearchParams`, where the program has the types for it. */
type Parameters = typeof globalThis extends { URLSearchParams: { prototype: infer P } } ? P : any;
