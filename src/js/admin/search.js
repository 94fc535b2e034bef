// Queries of `q` whose values cannot become syntax.

import { check } from "./check.js";

export const phrase = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
const word = (text) => text.replace(/[^\p{L}\p{N}_]/gu, "\\$&");

/** Queries that need no brackets inside of another one. */
const whole = new WeakSet();

class Query extends String {
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

function refuseWildcard(field, literals) {
  check(!ofUsers(field), "user_metadata cannot be searched with wildcards: use eq, or app_metadata");
  check(literals >= 3, "a term with a wildcard needs at least 3 other characters");
}

function refuseRange(field) {
  check(!ofUsers(field), "user_metadata cannot be searched with ranges: use eq, or app_metadata");
}

export const eq = (field, value) => unit(`${fieldName(field)}:${phrase(text("value", value))}`);

export function prefix(field, value) {
  const start = text("value", value);
  refuseWildcard(fieldName(field), [...start].length);
  return unit(`${field}:${word(start)}*`);
}

export function contains(field, value) {
  const part = text("value", value);
  refuseWildcard(fieldName(field), [...part].length);
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

/** A query of nothing but NOT matches nobody, so it begins with everybody. */
export function not(query) {
  check(query instanceof Query, "not needs a query of eq, prefix, contains, range, exists, and, or, not, or q");
  return unit(`(user_id:* AND NOT ${inside(query)})`);
}

const SPACE = /\s+/y;
const PHRASE = /"(?:\\[^]|[^"\\])*"/y;
const RANGE = /[[{](?:"(?:\\[^]|[^"\\])*"|[^[\]{}"])*[\]}]/y;
const WORD = /(?:\\[^]|[^\s()[\]{}":'\\])+/y;

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
  if (/^[<>]/.test(term)) refuseRange(field);
  const bare = term.replace(/\\[^]/gu, "x");
  const remedy = `_exists_:${field.replace(/^[-+!]+/, "")}`;
  if (bare === "*") check(!ofUsers(field), `user_metadata cannot be searched with wildcards: use ${remedy}`);
  else if (/[*?]/.test(bare)) refuseWildcard(field, [...bare.replace(/[*?]/g, "")].length);
}

/** A value of a template, where it stands. */
function placed(value, name, before, after) {
  const apart = /(^|[\s(:])$/.test(before) && /^($|[\s)])/.test(after);
  check(apart, `${name} must be a whole term, without quotes or wildcards around it: see prefix, contains and range`);
  if (value instanceof Query) {
    check(!/:\s*\(*\s*$/.test(before), `${name} is a query and cannot be the value of a field`);
    return inside(value);
  }
  if (!Array.isArray(value)) return phrase(text(name, value));
  check(value.length > 0, `${name} must have an element: nobody matches one of none`);
  return `(${value.map((item) => phrase(text(name, item))).join(" OR ")})`;
}

export function q(parts, ...values) {
  check(Array.isArray(parts?.raw), "q is a template: q`email:${email}`");
  // As they stand in the program: a backslash of the syntax is written as one.
  const texts = parts.raw;
  // A value must not stand in a phrase or a range, so none may be open before it.
  texts.forEach((part, index) => {
    const rest = part.replace(new RegExp(`\\\\[^]|${PHRASE.source}|${RANGE.source}`, "g"), "");
    check(!/["'[\]{}\\]/.test(rest), `part ${index + 1} of the query has unbalanced quotes or brackets`);
  });
  const query = values.reduce(
    (before, value, index) => before + placed(value, `value ${index + 1}`, before, texts[index + 1]) + texts[index + 1],
    texts[0],
  );
  inspect(query);
  return new Query(query);
}

export function parseQuery(from) {
  // By what they can do: those of a page that a test makes up, or of a router, are of other classes.
  const parameters = from?.searchParams ?? from;
  const query = typeof parameters?.get === "function" ? parameters.get("q") : from;
  check(typeof query === "string" || query instanceof String, "query must be text, a URL with q, or its parameters");
  inspect(text("query", String(query)));
  return new Query(query);
}
