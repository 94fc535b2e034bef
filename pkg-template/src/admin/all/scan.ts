// Reading a search in windows, which windows.ts plans.

import type { User } from "auth0-users";

import { record } from "../../client/objects.ts";
import {
  CAP,
  FIRST_PAGE,
  isEnd,
  isOrdered,
  type OrderField,
  pageBehind,
  pagesAfter,
  type PagePosition,
  type UserPage,
} from "./windows.ts";

/** After so many windows in a row without a new user, from the same value on, there is no way on. */
const IDLE_WINDOWS = 3;

/** Reads a page of a window. */
export type ReadPage = (position: PagePosition) => Promise<UserPage>;

/** Users who are not read in windows. */
export interface TieGroupUsers {
  readonly users: AsyncIterable<User>;
  /** Returns whether the users before have been given. */
  isReached(): boolean;
}

/** A search, and which of its users have been given. */
export interface Search {
  /** The field that the search is ordered by, if that leads past the cap. */
  readonly field?: OrderField | undefined;
  readonly descending?: boolean | undefined;
  /** Whether no two users share a value of the field, so that a window begins behind the last user given. */
  readonly isUnique?: boolean;
  /** Returns what reads the next window. */
  window(): ReadPage;
  /** Returns where the next window begins. */
  from(): string | undefined;
  /** Returns the ids of the users who were given and come first in the next window. */
  known(): ReadonlySet<string>;
  /** Returns the ids of all users who were given and are in the next window. */
  given(): ReadonlySet<string>;
  /** Takes a user who is about to be given. */
  pass(user: User): void;
  /** Takes a user who was given before. */
  skip?(user: User): void;
  /** Makes the error for a search without a way on. */
  limit(reason: string, total?: number): Error;
  /**
   * Resolves to the group of users that a window ends among, if it may not reach behind them. Without a first page, which
   * means that no page reaches behind the known users, it is the group of those.
   */
  tieGroup?(first?: UserPage, readLast?: () => Promise<UserPage>): Promise<TieGroupUsers | undefined>;
}

/** The pages of a window, and the group of users that it ends with. */
interface Window {
  readonly pages: Iterable<UserPage | Promise<UserPage>> | AsyncIterable<UserPage>;
  readonly tieGroup: TieGroupUsers | undefined;
}

const hasOneOf = (ids: ReadonlySet<string>, page: UserPage) => page.users.some(({ user_id }) => ids.has(user_id));

/**
 * Yields the users of a search, each once, until a total proves that there are no more. `first` is the first page of the
 * first window, if that has been read.
 */
export async function* scan(given: Search, first?: UserPage): AsyncGenerator<User, void, undefined> {
  const search = record(given);
  const { field, descending } = search;
  let isFirst = true;
  // How many more users there are by the totals of the windows before.
  let left = 0;
  let isDoubtful = false;
  for (let idle = 0; idle < IDLE_WINDOWS; isFirst = false) {
    const known = search.known();
    const from = search.from();
    const { pages, tieGroup } = await windowOf(search, known, first, isFirst);
    const seen = new Set(search.given());
    const covered = new Set(known);
    const totals: (number | undefined)[] = [];
    let before: Set<string> | undefined;
    const wasDoubtful = isDoubtful;
    isDoubtful = false;
    let isIdle = true;
    for await (const page of pages) {
      if (before && !hasOneOf(before, page)) break;
      if (field && !isOrdered(page.users, field, descending)) {
        throw search.limit(`the server does not order by ${field}`, page.total);
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
    const reached = tieGroup?.isReached() ? tieGroup.users : undefined;
    if (reached) yield* reached;
    left = reached || isDoubtful ? 0 : Math.max(...totals.map((total) => total ?? 0), covered.size) - covered.size;
    idle = isIdle && !reached && search.from() === from ? idle + 1 : 0;
  }
  throw search.limit("what is read again and again holds no new user");
}

/**
 * Returns whether the totals before agree that a window ends with this page. They do not where users are deleted, or where
 * the server counts wrong. A total that equals a full page needs a second witness.
 */
function isProven(
  { position, users, total }: UserPage,
  totals: readonly (number | undefined)[],
  found: number,
  left: number,
): boolean {
  const areEqual = totals.every((other) => other === total);
  const hasWitness = users.length < position.per_page || totals.length > 1 || left > 0 || found === 0;
  return areEqual && found >= left && hasWitness;
}

/** Returns the next window behind the known users. */
async function windowOf(
  search: Search,
  known: ReadonlySet<string>,
  given: UserPage | undefined,
  isFirst: boolean,
): Promise<Window> {
  const read = search.window();
  const start = pageBehind(known.size);
  if (!start) return { pages: [], tieGroup: await search.tieGroup?.() };
  const first = given ?? (await read(start));
  const isMoved = start.page > 0 && !hasOneOf(known, first);
  if (!isMoved) return planned(search, read, first, isFirst);
  return { pages: await readBackwards(read, first.total), tieGroup: undefined };
}

/**
 * Reads the pages of a window from its beginning, since the known users are no longer where they were. A user who is
 * deleted moves those behind to pages that are read later, so this comes to an end however many are.
 */
async function readBackwards(read: ReadPage, total: number | undefined): Promise<UserPage[]> {
  const positions = [FIRST_PAGE, ...pagesAfter(FIRST_PAGE, total, Infinity)];
  const pages: UserPage[] = [];
  for (const position of positions.reverse()) pages.unshift(await read(position));
  return pages;
}

/** Returns the pages of a window that begins with `first`, and the group that it ends with. */
async function planned(search: Search, read: ReadPage, first: UserPage, isFirst: boolean): Promise<Window> {
  const isCapped = first.total !== undefined && first.total >= CAP;
  // A window of one page costs no overlap where the next begins behind its last user. It costs time, so if many are left
  // they are read at once.
  const isSingle = search.isUnique && (isFirst || (first.total !== undefined && !isCapped));
  const positions = isSingle ? [] : pagesAfter(first.position, first.total);
  let last: UserPage[] = [];
  let tieGroup: TieGroupUsers | undefined;
  if (search.tieGroup && isCapped) {
    tieGroup = await search.tieGroup(first, async () => {
      const position = positions.pop();
      if (position) last = [await read(position)];
      return last[0] ?? first;
    });
  }
  if (tieGroup) return { tieGroup, pages: upTo(tieGroup, read, first, positions, last) };
  const pages = positions.map((position) => read(position));
  // A page that fails rejects where it is read; one that is never read must not reject unhandled.
  for (const page of pages) page.catch(() => {});
  return { pages: [first, ...pages, ...last], tieGroup };
}

/** Yields the pages of a window, one by one, until its group is reached. */
async function* upTo(
  tieGroup: TieGroupUsers,
  read: ReadPage,
  first: UserPage,
  positions: readonly PagePosition[],
  last: readonly UserPage[],
): AsyncGenerator<UserPage, void, undefined> {
  yield first;
  for (const position of positions) {
    if (tieGroup.isReached()) return;
    yield await read(position);
  }
  if (!tieGroup.isReached()) yield* last;
}
