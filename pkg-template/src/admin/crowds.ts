// Which users of one instant are so many that windows do not reach behind them.

/** From so many on it takes fewer requests to read them by id than along with those after them. */
const MANY = 850;
/** So many at the end of a page are a reason to suspect more. */
const SUSPECT = 60;
/** After a crowd was met, so many suspicions in a row may be wrong before it takes more to suspect another. */
const PATIENCE = 2;

/** Asks for the size of a crowd where it is worth a request: pages among its users would be read in vain. */
export class Crowds {
  #field;
  #readFirst;
  // How many are left where windows begin with a crowd, and where they end with one.
  #patience = { first: 1, last: 0 };
  // The instant that was last found to be a small one.
  #small;

  /** `readFirst(at)` reads the first page of those of an instant. */
  constructor(field, readFirst) {
    this.#field = field;
    this.#readFirst = readFirst;
  }

  /**
   * The crowd that a window ends among, with its first page. `known` is the instant of those who are known, and
   * `readLast()` reads the last page of the window.
   */
  async at(known, first, readLast) {
    const at = this.#end(first);
    const begin = known ?? first.users[0]?.[this.#field];
    // Had the window before been looked at to its end, this would have been seen there.
    const from = at === begin && at !== known ? "first" : "last";
    const crowd = this.#patience[from] > 0 ? await this.#sized(at, from) : undefined;
    const isSuspect = at === begin && at !== this.#small;
    if (crowd || !(isSuspect || this.#patience.last > 0)) return crowd;
    const end = this.#end(await readLast());
    if (isSuspect && end === at) return this.#sized(at, from);
    return this.#patience.last > 0 ? this.#sized(end, "last") : undefined;
  }

  /** The crowd of an instant that no window reaches behind. */
  async known(at) {
    return { at, first: await this.#readFirst(at) };
  }

  /** The instant that a page ends with many users of. */
  #end({ users }) {
    const at = users.at(-1)?.[this.#field];
    return users.at(-SUSPECT)?.[this.#field] === at ? at : undefined;
  }

  async #sized(at, page) {
    if (at === undefined || at === this.#small) return undefined;
    const crowd = await this.known(at);
    if (crowd.first.total >= MANY) {
      this.#patience[page] = PATIENCE;
      return crowd;
    }
    this.#patience[page]--;
    this.#small = at;
    return undefined;
  }
}
