// Reading a search in windows, which windows.js plans.

import { isLast, isOrdered, pageBehind, pagesAfter } from "./windows.js";

/** After so many windows in a row with nobody new in them there is no way on. */
const IDLE_WINDOWS = 3;

const hasOneOf = (ids, page) => page.users.some(({ user_id }) => ids.has(user_id));

/**
 * Gives the users of a search, each once. `search` tells where the next window begins and reads its pages:
 *
 * - `read(page)` resolves to the users of a page of it, and the total;
 * - `known()` are the ids of those who were given and come first in it, `given()` of all who were given and are in it;
 * - `pass(user)` is told who is given;
 * - `instead(first)` resolves to another way to read what the window begins with, if it needs one. There is no first page
 *   where no page reaches behind the known;
 * - `field` and `descending` are what its order is by, if that can be told;
 * - `isUnique` is true if no two users share a value: its windows are one page each, and none has to overlap;
 * - `capped(reason, total)` is the error if there is no way on.
 *
 * `first` is the first page of the first window, if that has been read.
 */
export async function* scan(search, first) {
  const { field, descending } = search;
  let known = search.known();
  for (let idle = 0; idle < IDLE_WINDOWS; known = search.known()) {
    let start = pageBehind(known.size);
    first ??= start && (await search.read(start));
    if (start?.page > 0 && !hasOneOf(known, first)) {
      // Somebody was deleted: from the beginning of the window nobody is missed.
      start = pageBehind(0);
      first = await search.read(start);
    }
    const other = await search.instead?.(first);
    if (other) {
      yield* other;
      first = undefined;
      continue;
    }
    if (!start) break;
    const reads = search.isUnique ? [] : pagesAfter(start, first.total).map(search.read);
    // One that fails is met when it is its turn, or by nobody any more.
    for (const read of reads) read.catch(() => {});
    const seen = new Set(search.given());
    let before;
    let isIdle = true;
    for (const read of [first, ...reads]) {
      const page = await read;
      if (before && !hasOneOf(before, page)) break;
      if (field && !isOrdered(page.users, field, descending)) {
        throw search.capped(`the server does not order by ${field}`, page.total);
      }
      for (const user of page.users) {
        if (seen.has(user.user_id)) continue;
        seen.add(user.user_id);
        isIdle = false;
        search.pass(user);
        yield user;
      }
      if (isLast(page)) return;
      before = new Set(page.users.map(({ user_id }) => user_id));
    }
    first = undefined;
    idle = isIdle ? idle + 1 : 0;
  }
  throw search.capped("what is read again and again holds nobody new");
}
