// Queries of `q` whose values cannot become syntax.

import { check } from "./check.ts";

export const phrase = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
const word = (text) => text.replace(/[^\p{L}\p{N}_]/gu, "\\$&");

/** The most bytes of a query, as it is sent. The API refuses longer ones with status 414. */
const MAX_BYTES = 8_192;

/** Refuses a query that is too long for the API, and then for the checks here. */
function checkLength(text) {
  const isShort = text.length <= MAX_BYTES && encodeURIComponent(text).length <= MAX_BYTES;
  check(isShort, `the query is longer than ${MAX_BYTES} bytes, percent-encoded: the API refuses it, so split it`);
  return text;
}

/** Queries that need no brackets inside of another one. */
const whole = new WeakSet();

class Query extends String {
  constructor(text) {
    super(checkLength(text));
  }

  toURLSearchParams() {
    return new URLSearchParams({ q: String(this) });
  }
}

/** A query that stands by itself inside of another one. */
function unit(text) {
  const query = new Query(text);
  whole.add(query);
  return query;
}

const inside = (query) => (whole.has(query) ? String(query) : `(${query})`);

function text(name, value) {
  const fits = /^(string|boolean|bigint)$/.test(typeof value) || Number.isFinite(value);
  const date = value instanceof Date && !Number.isNaN(value.getTime());
  check(fits || date, `${name} must be text, a number, a boolean or a date`);
  const text = date ? value.toISOString() : String(value);
  // Half of a surrogate pair has no place in a URL.
  check(!/\p{Cs}/u.test(text), `${name} must be well-formed text`);
  return text;
}

function fieldName(field) {
  check(
    typeof field === "string" && /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(field),
    "field must be a name such as app_metadata.plan: letters, digits, dots, hyphens and underscores",
  );
  return field;
}

const ofUsers = (field) => /^[-+!]*user_metadata(\.|$)/.test(field);

function refuseWildcard(field) {
  check(!ofUsers(field), "user_metadata cannot be searched with wildcards: use eq, or app_metadata");
}

/** Refuses what is too short behind a leading wildcard; `name:j*` is fine, `name:*sa` is not. */
function refuseShort(literals) {
  check([...literals].length >= 3, "a term that begins with a wildcard needs at least 3 other characters");
}

function refuseRange(field) {
  check(!ofUsers(field), "user_metadata cannot be searched with ranges: use eq, or app_metadata");
}

export const eq = (field, value) => unit(`${fieldName(field)}:${phrase(text("value", value))}`);

export function prefix(field, value) {
  const start = text("value", value);
  refuseWildcard(fieldName(field));
  check(start !== "", "value must have a character at least: use exists for users with any value");
  return unit(`${field}:${word(start)}*`);
}

export function contains(field, value) {
  const part = text("value", value);
  refuseWildcard(fieldName(field));
  refuseShort(part);
  return unit(`${field}:*${word(part)}*`);
}

function bound(name, value) {
  const limit = text(name, value);
  check(
    /^[\w.:+-]+$/.test(limit) && limit !== "TO",
    `${name} must be a date, a number, or a text of letters, digits and .:+-_`,
  );
  return limit;
}

export function range(field, limits) {
  refuseRange(fieldName(field));
  const given = Object.entries(limits ?? {}).filter(([, value]) => value !== undefined);
  check(
    given.length > 0 && given.every(([name]) => /^[gl]te?$/.test(name)),
    'limits must be an object such as { gte: "2024-01-01", lt: "2025-01-01" }',
  );
  const { gt, gte, lt, lte } = Object.fromEntries(given);
  check(gt === undefined || gte === undefined, "limits must have one of gt and gte");
  check(lt === undefined || lte === undefined, "limits must have one of lt and lte");
  const low = gt !== undefined ? `{${bound("gt", gt)}` : gte !== undefined ? `[${bound("gte", gte)}` : "[*";
  const high = lt !== undefined ? `${bound("lt", lt)}}` : lte !== undefined ? `${bound("lte", lte)}]` : "*]";
  return unit(`${field}:${low} TO ${high}`);
}

export const exists = (field) => unit(`_exists_:${fieldName(field)}`);

const joined = (operator) =>
  ({
    [operator](...queries) {
      const needed = `${operator} needs queries of eq, prefix, contains, range, exists, and, or, not, or q`;
      check(queries.length > 0 && queries.every((query) => query instanceof Query), needed);
      if (queries.length === 1) return queries[0];
      return unit(`(${queries.map(inside).join(` ${operator.toUpperCase()} `)})`);
    },
  })[operator];

export const and = joined("and");
export const or = joined("or");

/** A query of nothing but NOT matches no user, so it begins with all users. */
export function not(query) {
  check(query instanceof Query, "not needs a query of eq, prefix, contains, range, exists, and, or, not, or q");
  return unit(`(user_id:* AND NOT ${inside(query)})`);
}

const PLAIN = /(?:\\[^]|[^"'[\]{}\\])+/y;
const SPACE = /\s+/y;
const PHRASE = /"(?:\\[^]|[^"\\])*"/y;
const RANGE = /[[{](?:"(?:\\[^]|[^"\\])*"|[^[\]{}"])*[\]}]/y;
const WORD = /(?:\\[^]|[^\s()[\]{}":'\\])+/y;

/** Are all quotes and ranges of a text closed in it? Each character is read once: the first that fits nothing ends it. */
function isClosed(text) {
  let at = 0;
  const takes = (pattern) => {
    pattern.lastIndex = at;
    if (pattern.test(text)) at = pattern.lastIndex;
    return pattern.lastIndex > 0;
  };
  while (at < text.length) if (!takes(PLAIN) && !takes(PHRASE) && !takes(RANGE)) return false;
  return true;
}

/** Refuses what the API refuses in a text of its syntax, and what would change the meaning of what follows. */
function inspect(text) {
  let at = 0;
  const next = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  // The field that the terms of each bracket belong to.
  const groups = [""];
  let field = "";
  while (at < text.length) {
    const found = next(WORD);
    if (found !== undefined && text[at] === ":") {
      at += 1;
      field = found;
      continue;
    }
    if (found !== undefined) inspectTerm(field, found);
    else if (text[at] === "(") {
      at += 1;
      groups.push(field);
    } else if (text[at] === ")") {
      at += 1;
      groups.pop();
      check(groups.length > 0, "the query closes a bracket that it has not opened");
    } else if (next(RANGE) !== undefined) refuseRange(field);
    else if (next(SPACE) !== undefined) continue;
    else {
      const fault = `the query has a ${text[at]} that is unbalanced or out of place at ${at}`;
      check(next(PHRASE) !== undefined, `${fault}: put it into a value, or a backslash before it`);
    }
    field = groups.at(-1);
  }
  check(groups.length === 1, "the query opens a bracket that it does not close");
}

function inspectTerm(field, term) {
  if (/^[-+!]*[<>]/.test(term)) refuseRange(field);
  const bare = term.replace(/^[-+!]+/, "").replace(/\\[^]/gu, "x");
  if (bare === "*") {
    const name = field.replace(/^[-+!]+/, "").replace(/\p{Cc}/gu, "");
    check(!ofUsers(field), `user_metadata cannot be searched with wildcards: use _exists_:${name.slice(0, 100)}`);
  } else if (/[*?]/.test(bare)) {
    refuseWildcard(field);
    if (/^[*?]/.test(bare)) refuseShort(bare.replace(/[*?]/g, ""));
  }
}

/** Does a text end with a colon, but for spaces and opening brackets? */
function endsWithField(text) {
  let end = text.length;
  while (/[\s(]/.test(text.charAt(end - 1))) end--;
  return text.charAt(end - 1) === ":";
}

/** A value of a template, where it stands: between what precedes it directly and what follows it. */
function placed(value, name, before, after) {
  const apart = /^[\s(:]?$/.test(before.slice(-1)) && /^[\s)]?$/.test(after.slice(0, 1));
  check(apart, `${name} must be a whole term, without quotes or wildcards around it: see prefix, contains and range`);
  if (value instanceof Query) {
    check(!endsWithField(before), `${name} is a query and cannot be the value of a field`);
    return inside(value);
  }
  if (!Array.isArray(value)) return phrase(text(name, value));
  check(value.length > 0, `${name} must have an element: no user matches one of none`);
  return `(${value.map((item) => phrase(text(name, item))).join(" OR ")})`;
}

export function q(parts, ...values) {
  check(Array.isArray(parts?.raw), "q is a template: q`email:${email}`");
  // As they stand in the program: a backslash of the syntax is written as one.
  const texts = parts.raw;
  // A value must not stand in a phrase or a range, so none may be open before it.
  checkLength(text("query", texts.join("")));
  texts.forEach((part, index) => {
    check(isClosed(part), `part ${index + 1} of the query has unbalanced quotes or brackets`);
  });
  const pieces = [texts[0]];
  values.forEach((value, index) => {
    // Where nothing lies between two values, the one precedes the other.
    const before = pieces.at(-1) || (pieces.at(-2) ?? "");
    const after = texts[index + 1];
    pieces.push(placed(value, `value ${index + 1}`, before, after), after);
  });
  const query = new Query(pieces.join(""));
  inspect(String(query));
  return query;
}

export function parseQuery(from) {
  // By what they can do: those of a page that a test makes up, or of a router, are of other classes.
  const parameters = from?.searchParams ?? from;
  const query = typeof parameters?.get === "function" ? parameters.get("q") : from;
  check(typeof query === "string" || query instanceof String, "query must be text, a URL with q, or its parameters");
  const parsed = new Query(text("query", String(query)));
  inspect(String(parsed));
  return parsed;
}
