// Reading a search in windows, which windows.js plans.

import { CAP, isLast, isOrdered, pageBehind, pagesAfter } from "./windows.js";

/** After so many windows in a row with nobody new in them there is no way on. */
const IDLE_WINDOWS = 3;

const hasOneOf = (ids, page) => page.users.some(({ user_id }) => ids.has(user_id));

/**
 * Gives the users of a search, each once. `search` tells where the next window begins and reads its pages:
 *
 * - `window()` gives what reads that window: `read(page)` resolves to the users of a page of it, and the total;
 * - `known()` are the ids of those who were given and come first in it, `given()` of all who were given and are in it;
 * - `pass(user)` is told who is given, and `skip(user)` who was given before;
 * - `field` and `descending` are what its order is by, if that can be told;
 * - `isUnique` is true if no two users share a value of it, so that a window begins behind the last user given;
 * - `capped(reason, total)` is the error if there is no way on;
 * - `crowd(first, readLast)`, if a window may not reach behind some users, resolves to them if it ends among them: `users`
 *   gives them, once `isReached()`. Without a first page, because none reaches behind the known, it is about those.
 *
 * `first` is the first page of the first window, if that has been read.
 */
export async function* scan(search, first) {
  const { field, descending } = search;
  let isFirst = true;
  for (let idle = 0; idle < IDLE_WINDOWS; isFirst = false) {
    const known = search.known();
    const read = search.window();
    const start = pageBehind(known.size);
    first ??= start && (await read(start));
    const { pages, crowd } =
      start?.page > 0 && !hasOneOf(known, first)
        ? { pages: await readBackwards(read, first.total) }
        : start
          ? await planned(search, read, first, isFirst)
          : { pages: [], crowd: await search.crowd() };
    const seen = new Set(search.given());
    let before;
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
      if (isLast(page)) return;
      before = new Set(page.users.map(({ user_id }) => user_id));
    }
    first = undefined;
    if (crowd?.isReached()) {
      isIdle = false;
      yield* crowd.users;
    }
    idle = isIdle ? idle + 1 : 0;
  }
  throw search.capped("what is read again and again holds nobody new");
}

/**
 * The pages of a window from its beginning, since the known are no longer where they were. Who is deleted meanwhile moves
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
  // One that fails is met when it is its turn, or by nobody any more.
  for (const page of pages) page.catch(() => {});
  return { pages: [first, ...pages, ...last] };
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
