// Which pages to read, so that a search gives all users although it counts and reaches no further than its cap.
//
// A search in order of a field is read in windows: the users from a value of the field on. Pages of a window overlap by
// one user or more. Two pages with a user in common have no user between them, whatever was deleted while they were read;
// two without may have.

import type { User } from "auth0-users";

import { eq, phrase } from "../query.ts";

/** A search reaches, and counts, no further than this. */
export const CAP = 1_000;
const PAGE = 100;
/** How many pages of a window are read before the next one begins. More would overlap more. */
const PAGES = 5;

/** Which page of a window. */
export interface PagePosition {
  readonly page: number;
  readonly per_page: number;
}

/** A page of a window. */
export interface UserPage {
  readonly position: PagePosition;
  readonly users: readonly User[];
  /** How many users the search counts, if the server says so. */
  readonly total: number | undefined;
}

/** The fields by which users are ordered. */
export type OrderField = "created_at" | "user_id";

/** The first page of a window. */
export const FIRST_PAGE: PagePosition = { page: 0, per_page: PAGE };

/** Returns the page that reaches furthest behind the first `known` users of a window, and begins no later than with the last one. */
export function pageBehind(known: number): PagePosition | undefined {
  if (known === 0) return FIRST_PAGE;
  let best: PagePosition | undefined;
  for (let size = PAGE; size > 0; size--) {
    const candidate = { page: Math.floor((known - 1) / size), per_page: size };
    if (endOf(candidate) <= CAP && endOf(candidate) > (best ? endOf(best) : known)) best = candidate;
  }
  return best;
}

/** Returns how many users of a window come before a page. */
const startOf = ({ page, per_page }: PagePosition) => page * per_page;

/** Returns how many users of a window a page and those before it hold. */
const endOf = ({ page, per_page }: PagePosition) => (page + 1) * per_page;

/** Returns the pages of a window after its first one, until its total is reached, or it has `most` pages. */
export function pagesAfter(first: PagePosition, total: number | undefined, most = PAGES): PagePosition[] {
  const pages: PagePosition[] = [];
  let known = endOf(first);
  while (total !== undefined && known < total && pages.length < most - 1) {
    const page = pageBehind(known);
    if (!page) break;
    pages.push(page);
    known = endOf(page);
  }
  return pages;
}

/** Returns whether a page is the end of its window. Only a total below the cap that fits it proves that: a short page does not. */
export function isEnd({ position, users, total }: UserPage): boolean {
  return total !== undefined && total < CAP && startOf(position) + users.length === total;
}

/** Returns whether a page holds all users that belong on it: as many as asked for, or as many as the total leaves. */
export function isWhole({ position, users, total }: UserPage): boolean {
  const left = total === undefined ? undefined : Math.max(total - startOf(position), 0);
  const isFull = users.length >= position.per_page || left === users.length;
  return isFull && new Set(users.map(({ user_id }) => user_id)).size === users.length;
}

/** Returns a value as a bound of a range. Quotes are for what would end it or mean something else. */
const bound = (value: string) => (/^[^\s\\"*[\]{}()]+$/.test(value) ? value : phrase(value));

/** An order of users by a field; without a field, by another one that does not lead past the cap. */
export interface Order<Field extends OrderField = OrderField> {
  readonly field: Field | undefined;
  readonly descending: boolean;
}

/** Returns the query for users whom `q` finds and whose `field` is `at` or behind it, or only behind it. */
export function queryFrom(
  q: string | undefined,
  { field, descending }: Order,
  at: string | undefined,
  isBehind: boolean,
): string | undefined {
  if (at === undefined) return q;
  const open = isBehind ? "{" : "[";
  const close = isBehind ? "}" : "]";
  return both(q, descending ? `${field}:[* TO ${bound(at)}${close}` : `${field}:${open}${bound(at)} TO *]`);
}

/** Returns the query for users whom `q` finds and whose `field` is `at`. */
export function queryAt(q: string | undefined, field: OrderField, at: string): string {
  return both(q, String(eq(field, at)));
}

function both(q: string | undefined, range: string): string {
  return q === undefined ? range : `(${q}) AND ${range}`;
}

/** Returns whether users are in this order. */
export function isOrdered(users: readonly User[], field: OrderField, descending: boolean | undefined): boolean {
  const values = users.map((user) => user[field]);
  return values.every((value, place) => {
    if (place === 0) return true;
    const before = values[place - 1];
    if (before === undefined || value === undefined) return false;
    return descending ? before >= value : before <= value;
  });
}
