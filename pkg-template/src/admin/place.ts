// How far a run over all users has come.

/** A place in the order of users, and who has been given. */
export class Place {
  /** What users are ordered by, and which way. */
  field;
  descending;
  /** The value of the field that users are ordered by, of the last who was given. */
  at;
  /** Who was given at that value; where there is no way past the cap, everybody. */
  ids = new Set();
  /** Where the users at that value are read by their ids: the last of them. */
  id;
  /** Whether everybody at that value was given. */
  isBehind = false;
  /** How many were given. */
  read = 0;

  /** Takes in a user who is given. */
  pass({ user_id, [this.field]: at }) {
    this.read++;
    if (at === this.at) this.ids.add(user_id);
    // Who appears late, before the place, does not move it back.
    else if (this.at === undefined || (this.descending ? at < this.at : at > this.at)) this.#begin(at, [user_id]);
  }

  /** Takes in a user who is given by id. */
  passById(user) {
    this.read++;
    this.skipById(user);
  }

  /** Those up to a user have been given, by whatever order. */
  skipById({ user_id }) {
    this.id = user_id;
  }

  /** Everybody at a value has been given. */
  finish(at) {
    this.#begin(at, []);
    this.isBehind = true;
  }

  #begin(at, ids) {
    Object.assign(this, { at, ids: new Set(ids), id: undefined, isBehind: false });
  }

  toJSON() {
    const { at, ids, id, isBehind, read } = this;
    return { at, ids: [...ids], id, isBehind, read };
  }
}

const isTextOrNothing = (value) => value === undefined || typeof value === "string";

/** Is this a place in that order? Without a way past the cap none is at a value, and none by ids is outside of one. */
export function isPlace({ at, ids, id, isBehind, read }, { field }) {
  const isOfOrder = at === undefined ? id === undefined : field !== undefined;
  const isCounted = typeof isBehind === "boolean" && Number.isInteger(read) && read >= 0;
  return isOfOrder && isCounted && Array.isArray(ids) && [at, id, ...ids].every(isTextOrNothing);
}

/** The place in a cursor, or the beginning. `field` is undefined where there is no way past the cap. */
export function placeOf({ field, descending }, { at, ids, id, isBehind, read } = new Place()) {
  return Object.assign(new Place(), { field, descending, at, ids: new Set(ids), id, isBehind, read });
}
