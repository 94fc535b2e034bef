// Which pages to read, so that a search gives everybody although it counts and reaches no further than its cap.
//
// A search in order of a field is read in windows: the users from a value of the field on. Pages of a window overlap by
// one user or more. Two pages with a user in common have nobody between them, whatever was deleted while they were read;
// two without may have.

import { eq, phrase } from "./search.ts";

/** A search reaches, and counts, no further than this. */
export const CAP = 1_000;
const PAGE = 100;
/** How many pages of a window are read before the next one begins. More would overlap more. */
const PAGES = 5;

/** The page that reaches furthest behind the first `known` users of a window, and begins no later than with the last one. */
export function pageBehind(known) {
  if (known === 0) return { page: 0, per_page: PAGE };
  let best;
  for (let size = PAGE; size > 0; size--) {
    const page = Math.floor((known - 1) / size);
    const found = { page, per_page: size };
    if (endOf(found) <= CAP && endOf(found) > (best ? endOf(best) : known)) best = found;
  }
  return best;
}

/** How many users of a window come before a page. */
const startOf = ({ page, per_page }) => page * per_page;

/** How many users of a window a page and those before it hold. */
const endOf = ({ page, per_page }) => (page + 1) * per_page;

/** The pages of a window after its first one, until its total is reached, or it has `most` pages. */
export function pagesAfter(first, total, most = PAGES) {
  const pages = [];
  let known = endOf(first);
  while (known < total && pages.length < most - 1) {
    const page = pageBehind(known);
    if (!page) break;
    pages.push(page);
    known = endOf(page);
  }
  return pages;
}

/** Is this page the end of its window? Only a total below the cap that fits it proves that: a short page does not. */
export function isEnd({ place, users, total }) {
  return total < CAP && startOf(place) + users.length === total;
}

/** Does this page hold all users that belong on it: as many as asked for, or as many as the total leaves? */
export function isWhole({ place, users, total }) {
  const isFull = users.length >= place.per_page || Math.max(total - startOf(place), 0) === users.length;
  return isFull && new Set(users.map(({ user_id }) => user_id)).size === users.length;
}

/** A value as a bound of a range. Quotes are for what would end it or mean something else. */
const bound = (value) => (/^[^\s\\"*[\]{}()]+$/.test(value) ? value : phrase(value));

/** The query for those whom `q` finds and whose `field` is `at` or behind it, or only behind it. */
export function queryFrom(q, { field, descending }, at, isBehind) {
  if (at === undefined) return q;
  const own = isBehind ? ["{", "}"] : ["[", "]"];
  return both(q, descending ? `${field}:[* TO ${bound(at)}${own[1]}` : `${field}:${own[0]}${bound(at)} TO *]`);
}

/** The query for those whom `q` finds and whose `field` is `at`. */
export function queryAt(q, field, at) {
  return both(q, eq(field, at));
}

function both(q, range) {
  return q === undefined ? range : `(${q}) AND ${range}`;
}

/** Do these users stand in this order? */
export function isOrdered(users, field, descending) {
  const values = users.map((user) => user[field]);
  return values.every((value, n) => n === 0 || (descending ? values[n - 1] >= value : values[n - 1] <= value));
}
