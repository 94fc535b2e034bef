import type { OrderField, UserPage } from "./windows.ts";

/** From so many users on it takes fewer requests to read them by id than along with those after them. */
const MANY = 850;
/** So many users at the end of a page are a reason to suspect more. */
const SUSPECT = 60;
/** After a group was met, so many suspicions in a row may be wrong before it takes more to suspect another. */
const PATIENCE = 2;

/** Many users with the same value of the field that users are ordered by. */
export interface TieGroup {
  readonly at: string;
  /** Its first page in the order of the ids. */
  readonly first: UserPage;
}

/**
 * Finds groups of users that are so large that windows do not reach behind them. Asks for the size of a group where that
 * is worth a request: pages among its users would be read in vain.
 */
export class TieGroups {
  readonly #field: OrderField;
  readonly #readFirst: (at: string) => Promise<UserPage>;
  /** How many suspicions are left where windows begin with a group, and where they end with one. */
  readonly #patience = { first: 1, last: 0 };
  /** The value whose group was last found to be small. */
  #small: string | undefined;

  /** `readFirst(at)` reads the first page of the users at a value. */
  constructor(field: OrderField, readFirst: (at: string) => Promise<UserPage>) {
    this.#field = field;
    this.#readFirst = readFirst;
  }

  /**
   * Returns the group that a window ends among. `known` is the value of the users who are known, and `readLast()` reads
   * the last page of the window.
   */
  async at(
    known: string | undefined,
    first: UserPage,
    readLast: () => Promise<UserPage>,
  ): Promise<TieGroup | undefined> {
    const at = this.#end(first);
    const begin = known ?? first.users[0]?.[this.#field];
    // Had the window before been looked at to its end, this would have been seen there.
    const from = at === begin && at !== known ? "first" : "last";
    const group = this.#patience[from] > 0 ? await this.#sized(at, from) : undefined;
    const isSuspect = at === begin && at !== this.#small;
    if (group || !(isSuspect || this.#patience.last > 0)) return group;
    const end = this.#end(await readLast());
    if (isSuspect && end === at) return this.#sized(at, from);
    return this.#patience.last > 0 ? this.#sized(end, "last") : undefined;
  }

  /** Returns the group at a value that no window reaches behind. */
  async known(at: string): Promise<TieGroup> {
    return { at, first: await this.#readFirst(at) };
  }

  /** Returns the value that a page ends with many users of. */
  #end({ users }: UserPage): string | undefined {
    const at = users.at(-1)?.[this.#field];
    return users.at(-SUSPECT)?.[this.#field] === at ? at : undefined;
  }

  async #sized(at: string | undefined, end: "first" | "last"): Promise<TieGroup | undefined> {
    if (at === undefined || at === this.#small) return undefined;
    const group = await this.known(at);
    const { total } = group.first;
    if (total !== undefined && total >= MANY) {
      this.#patience[end] = PATIENCE;
      return group;
    }
    this.#patience[end]--;
    this.#small = at;
    return undefined;
  }
}
