// Reading a search in windows, which windows.js plans.

import { CAP, isEnd, isOrdered, pageBehind, pagesAfter } from "./windows.ts";

/** After so many windows in a row without a new user, from the same place on, there is no way on. */
const IDLE_WINDOWS = 3;

const hasOneOf = (ids, page) => page.users.some(({ user_id }) => ids.has(user_id));

/**
 * Gives the users of a search, each once, until a total proves that there are no more. `search` has:
 *
 * - `window()` gives what reads the next window: `read(page)` resolves to the users of a page of it, and the total;
 * - `from()` is where the next window begins;
 * - `known()` are the ids of those who were given and come first in it, `given()` of all who were given and are in it;
 * - `pass(user)` takes who is given, and `skip(user)` who was given before;
 * - `field` and `descending` are what its order is by, if that can be told;
 * - `isUnique` is true if no two users share a value of it, so that a window begins behind the last user given;
 * - `capped(reason, total)` is the error if there is no way on;
 * - `crowd(first, readLast)`, if a window may not reach behind some users, resolves to them if it ends among them: `users`
 *   gives them, once `isReached()`. Without a first page, because none reaches behind the known, it is about those.
 *
 * `first` is the first page of the first window, if that has been read.
 */
export async function* scan(given, first) {
  const search = { __proto__: null, ...given };
  const { field, descending } = search;
  let isFirst = true;
  // How many more users there are by the totals of the windows before.
  let left = 0;
  let isDoubtful = false;
  for (let idle = 0; idle < IDLE_WINDOWS; isFirst = false) {
    const known = search.known();
    const from = search.from();
    const read = search.window();
    const start = pageBehind(known.size);
    first ??= start && (await read(start));
    const { pages, crowd } =
      start?.page > 0 && !hasOneOf(known, first)
        ? { pages: await readBackwards(read, first.total), crowd: undefined }
        : start
          ? await planned(search, read, first, isFirst)
          : { pages: [], crowd: await search.crowd() };
    const seen = new Set(search.given());
    const covered = new Set(known);
    const totals = [];
    let before;
    const wasDoubtful = isDoubtful;
    isDoubtful = false;
    let isIdle = true;
    for await (const page of pages) {
      if (before && !hasOneOf(before, page)) break;
      if (field && !isOrdered(page.users, field, descending)) {
        throw search.capped(`the server does not order by ${field}`, page.total);
      }
      for (const user of page.users) {
        if (seen.has(user.user_id)) {
          search.skip?.(user);
          continue;
        }
        seen.add(user.user_id);
        isIdle = false;
        search.pass(user);
        yield user;
      }
      before = new Set(page.users.map(({ user_id }) => user_id));
      for (const id of before) covered.add(id);
      totals.push(page.total);
      if (isEnd(page)) {
        if (isProven(page, totals, covered.size - known.size, left) || (wasDoubtful && isIdle)) return;
        // A second window that ends here without a new user proves the same.
        isDoubtful = true;
        break;
      }
    }
    first = undefined;
    const isReached = crowd?.isReached();
    if (isReached) yield* crowd.users;
    left = isReached || isDoubtful ? 0 : Math.max(...totals.map((total) => total ?? 0), covered.size) - covered.size;
    idle = isIdle && !isReached && search.from() === from ? idle + 1 : 0;
  }
  throw search.capped("what is read again and again holds no new user");
}

/**
 * Do the totals before agree that a window ends with this page? They do not where users are deleted, or where the server
 * counts wrong. A total that equals a full page needs a second witness.
 */
function isProven({ place, users, total }, totals, found, left) {
  const areEqual = totals.every((other) => other === total);
  const hasWitness = users.length < place.per_page || totals.length > 1 || left > 0 || found === 0;
  return areEqual && found >= left && hasWitness;
}

/**
 * The pages of a window from its beginning, since the known are no longer where they were. A user who is deleted moves
 * those behind to pages that are read later, so this comes to an end however many are.
 */
async function readBackwards(read, total) {
  const start = pageBehind(0);
  const places = [start, ...pagesAfter(start, total, Infinity)];
  const pages = [];
  for (const place of places.reverse()) pages.unshift(await read(place));
  return pages;
}

/** The pages of a window that begins with `first`, and the crowd that it ends with. */
async function planned(search, read, first, isFirst) {
  // A window of one page costs no overlap where the next begins behind its last user. It costs time, so if many are left
  // they are read at once.
  const isSingle = search.isUnique && (isFirst || first.total < CAP);
  const places = isSingle ? [] : pagesAfter(first.place, first.total);
  let last = [];
  let crowd;
  if (search.crowd && first.total >= CAP) {
    crowd = await search.crowd(first, async () => {
      if (places.length > 0) last = [await read(places.pop())];
      return last[0] ?? first;
    });
  }
  if (crowd) return { crowd, pages: upTo(crowd, read, first, places, last) };
  const pages = places.map(read);
  // A page that fails rejects where it is read; one that is never read must not reject unhandled.
  for (const page of pages) page.catch(() => {});
  return { pages: [first, ...pages, ...last], crowd };
}

/** The pages of a window, one by one, until its crowd is reached. */
async function* upTo(crowd, read, first, places, last) {
  yield first;
  for (const place of places) {
    if (crowd.isReached()) return;
    yield await read(place);
  }
  if (!crowd.isReached()) yield* last;
}
