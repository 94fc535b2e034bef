// JSON text of a caller's value. JSON.stringify drops or changes what JSON cannot hold, and in a merge patch null
// deletes a key and {} deletes all of them: such values are refused, each with its path.

/** Objects nested deeper than this, and values with more parts, are refused: shared parts may multiply without end. */
const MAX_DEPTH = 1_000;
const MAX_VALUES = 1_000_000;

const REMEDY = "leave it out or convert it (null deletes a key)";

/** Writes a path, such as `request.user_metadata["a b"][0]`, within the bounds of a message. */
export function pathOf(name: string, keys: readonly (string | number)[]): string {
  const steps = keys.map((key) =>
    typeof key === "number" ? `[${key}]` : /^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
  );
  const path = name + steps.join("");
  return path.length > 150 ? `${path.slice(0, 100)}…${path.slice(-40)}` : path;
}

/** Has an object contents that JSON does not see: hidden or inherited properties, or none at all in an instance? */
function hasHidden(value: object, keys: readonly string[]): boolean {
  if (Reflect.ownKeys(value).length > keys.length + Number(Array.isArray(value))) return true;
  if (Array.isArray(value)) return false;
  // The last prototype is the Object.prototype of some realm.
  let isInstance = false;
  const above = (of: object): object | null => Object.getPrototypeOf(of) as object | null;
  for (let at = above(value), next; at && (next = above(at)); at = next) {
    if (Object.keys(at).length > 0) return true;
    isInstance = true;
  }
  return isInstance && keys.length === 0;
}

const isScalar = (value: unknown): boolean =>
  typeof value === "string" || value === null || typeof value === "boolean" || Number.isFinite(value);

/** What may have a function that says what it is in JSON. */
type Jsonable = { toJSON?: (key: string) => unknown } | undefined;

/** Names what JSON cannot hold; undefined for an array or an object. */
function unfit(value: unknown): string | undefined {
  if (typeof value === "undefined" || typeof value === "number") return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const [, tag = ""] = /^\[object (.*)\]$/s.exec(Object.prototype.toString.call(value)) ?? [];
  return tag === "Object" || tag === "Array" ? undefined : `of the type ${tag.replace(/\W/g, "").slice(0, 40)}`;
}

/**
 * Returns the JSON text of a value, each part of which is read once. Throws `invalid(message)` if JSON would drop or
 * change a part. Own properties that are undefined count as absent in the objects at the level `absentAt`, from 0.
 */
export function jsonOf(name: string, given: unknown, invalid: (message: string) => Error, absentAt?: number): string {
  const path: (string | number)[] = [];
  const above = new Set<object>();
  let refusal: Error | undefined;
  let count = 0;

  function refuse(message: string): never {
    refusal = invalid(`${pathOf(name, path)} ${message}`);
    throw refusal;
  }

  function write(given: unknown, key: string): string {
    let value = given;
    if (++count > MAX_VALUES) refuse(`is too large: a request may have ${MAX_VALUES} values`);
    if (isScalar(value)) return JSON.stringify(value);
    // A Buffer has a toJSON that gives an object.
    const toJSON = typeof value === "number" || ArrayBuffer.isView(value) ? undefined : (value as Jsonable)?.toJSON;
    if (typeof toJSON === "function" && toJSON !== (Object.prototype as Jsonable)?.toJSON) {
      value = toJSON.call(value, key);
      if (value === null) refuse(`is an invalid date, or has another toJSON that gives null: ${REMEDY}`);
      if (isScalar(value)) return JSON.stringify(value);
    }
    const what = unfit(value);
    if (what) refuse(`is ${what}, which JSON cannot hold: ${REMEDY}`);
    return writeObject(value as object);
  }

  /** Refuses a name that no reader of JSON keeps, or that is no field of the API. */
  function checkName(name: string, isField: boolean): void {
    if (/\p{Surrogate}/u.test(name) || (isField && /\p{Cc}/u.test(name))) {
      refuse("has a name with control characters or half of a surrogate pair");
    }
  }

  function writeObject(value: object): string {
    if (above.has(value)) refuse("contains itself, which JSON cannot hold");
    if (above.size === MAX_DEPTH) refuse(`is nested more than ${MAX_DEPTH} levels deep`);
    const isArray = Array.isArray(value);
    const keys = Object.keys(value);
    if (hasHidden(value, keys)) refuse("has contents that JSON would drop: give them as own properties");
    const mayLack = above.size === absentAt && !isArray;
    above.add(value);
    const parts: string[] = [];
    for (const part of isArray ? Array.prototype.keys.call(value) : keys) {
      path.push(part);
      if (typeof part === "string") checkName(part, above.size - 1 <= (absentAt ?? NaN));
      const inner = (value as Record<string | number, unknown>)[part];
      if (inner !== undefined || !mayLack) {
        const text = write(inner, String(part));
        parts.push(isArray ? text : `${JSON.stringify(part)}:${text}`);
      }
      path.pop();
    }
    if (isArray && keys.length > parts.length) refuse("has properties besides its items, which JSON would drop");
    above.delete(value);
    return isArray ? `[${parts.join()}]` : `{${parts.join()}}`;
  }

  try {
    return write(given, "");
  } catch (error) {
    if (error === refusal) throw error;
    // A getter, a toJSON or a proxy of the caller.
    throw Object.assign(invalid(`${pathOf(name, path)} cannot be read`), { cause: error });
  }
}
