// The syntax of queries: what the API refuses is refused here, in linear time.

import { check } from "../../client/argument-errors.ts";

/** The most bytes of a query, as it is sent. The API refuses longer ones with status 414. */
const MAX_BYTES = 8_192;

/** Returns a query, unless it is too long for the API, and so for the checks here. */
export function checkLength(query: string): string {
  const isShort = query.length <= MAX_BYTES && encodeURIComponent(query).length <= MAX_BYTES;
  check(isShort, `the query is longer than ${MAX_BYTES} bytes, percent-encoded: the API refuses it, so split it`);
  return query;
}

const isOfUserMetadata = (field: string) => /^[-+!]*user_metadata(\.|$)/.test(field);

/** Refuses a wildcard on a field that cannot be searched with one. */
export function refuseWildcard(field: string): void {
  check(!isOfUserMetadata(field), "user_metadata cannot be searched with wildcards: use eq, or app_metadata");
}

/** Refuses a range on a field that cannot be searched with one. */
export function refuseRange(field: string): void {
  check(!isOfUserMetadata(field), "user_metadata cannot be searched with ranges: use eq, or app_metadata");
}

/** Refuses what is too short behind a leading wildcard; `name:j*` is fine, `name:*sa` is not. */
export function refuseShort(literals: string): void {
  check([...literals].length >= 3, "a term that begins with a wildcard needs at least 3 other characters");
}

const PLAIN = /(?:\\[^]|[^"'[\]{}\\])+/y;
const SPACE = /\s+/y;
const PHRASE = /"(?:\\[^]|[^"\\])*"/y;
const RANGE = /[[{](?:"(?:\\[^]|[^"\\])*"|[^[\]{}"])*[\]}]/y;
const WORD = /(?:\\[^]|[^\s()[\]{}":'\\])+/y;

/** Returns whether all quotes and ranges of a text are closed in it. Reads each character once: the first that fits nothing ends it. */
export function isClosed(text: string): boolean {
  let at = 0;
  const takes = (pattern: RegExp) => {
    pattern.lastIndex = at;
    if (pattern.test(text)) at = pattern.lastIndex;
    return pattern.lastIndex > 0;
  };
  while (at < text.length) if (!takes(PLAIN) && !takes(PHRASE) && !takes(RANGE)) return false;
  return true;
}

/** Refuses what the API refuses in a query, and what would change the meaning of what follows. */
export function inspect(query: string): void {
  let at = 0;
  const next = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(query)?.[0];
    at += match?.length ?? 0;
    return match;
  };
  // The field that the terms of each bracket belong to.
  const groups = [""];
  let field = "";
  while (at < query.length) {
    const word = next(WORD);
    if (word !== undefined && query[at] === ":") {
      at += 1;
      field = word;
      continue;
    }
    if (word !== undefined) inspectTerm(field, word);
    else if (query[at] === "(") {
      at += 1;
      groups.push(field);
    } else if (query[at] === ")") {
      at += 1;
      groups.pop();
      check(groups.length > 0, "the query closes a bracket that it has not opened");
    } else if (next(RANGE) !== undefined) refuseRange(field);
    else if (next(SPACE) !== undefined) continue;
    else {
      const fault = `the query has a ${query[at]} that is unbalanced or out of place at ${at}`;
      check(next(PHRASE) !== undefined, `${fault}: put it into a value, or a backslash before it`);
    }
    field = groups.at(-1) ?? "";
  }
  check(groups.length === 1, "the query opens a bracket that it does not close");
}

function inspectTerm(field: string, term: string): void {
  if (/^[-+!]*[<>]/.test(term)) refuseRange(field);
  const bare = term.replace(/^[-+!]+/, "").replace(/\\[^]/gu, "x");
  if (bare === "*") {
    const name = field.replace(/^[-+!]+/, "").replace(/\p{Cc}/gu, "");
    check(
      !isOfUserMetadata(field),
      `user_metadata cannot be searched with wildcards: use _exists_:${name.slice(0, 100)}`,
    );
  } else if (/[*?]/.test(bare)) {
    refuseWildcard(field);
    if (/^[*?]/.test(bare)) refuseShort(bare.replace(/[*?]/g, ""));
  }
}
