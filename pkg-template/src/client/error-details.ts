// What an error tells: its message, and what the server says of a request that it refused.

import type { FieldError } from "../types/errors.ts";

/** Returns text as it may stand in a message: one line, without control characters, of bounded length. */
export function line(text: string, length = 300): string {
  const cleaned = String(text)
    .slice(0, length)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
  return text.length > length ? `${cleaned}...` : cleaned;
}

/** How much of the server's text is read, in characters, and how many fields it may name. */
const MAX_TEXT = 10_000;
const MAX_FIELDS = 100;

const locations: Record<string, FieldError["location"] | undefined> = { Payload: "body", Query: "query", Path: "path" };

/** Returns the text up to a mark. */
const firstPart = (text: string, mark: string): string => text.split(mark, 1)[0] ?? "";

/** The names in a list with commas, up to what the server advises. */
const names = (list = ""): string[] => firstPart(list, " (").split(/[, ]+/).filter(Boolean).slice(0, MAX_FIELDS);

/**
 * Reads what the server's validation says of each property: a rule, without the value that broke it. The rules are in
 * quotes with commas between, `'rule: value' on property name`, or `'rule: name, name'`.
 */
export function fieldErrors(message = ""): FieldError[] | undefined {
  const text = message.slice(0, MAX_TEXT);
  const [start = "", part = ""] = /^(Payload|Query|Path) validation error: '/.exec(text) ?? [];
  const location = locations[part];
  if (!location) return undefined;
  const rules = text.slice(start.length).split(", '", MAX_FIELDS);
  const found = rules.flatMap((each) => {
    const at = each.indexOf("' on property ");
    const end = each.lastIndexOf("'");
    const [rule = "", value] = (at < 0 ? each.slice(0, end < 0 ? undefined : end) : each.slice(0, at)).split(": ");
    // What follows in brackets describes the property.
    const property = at < 0 ? undefined : firstPart(each.slice(at + 14, at + 314), " (").replace(/\.?\s?$/, "");
    // Of these rules the value is the name of what is missing, or is too many.
    const inner = /propert|key must exist/.test(rule) ? names(value) : [];
    const fields = inner.length ? inner.map((name) => (property ? `${property}.${name}` : name)) : [property];
    return fields.flatMap((field) => (field ? { field: line(field), rule: line(rule), location } : []));
  });
  return found.slice(0, MAX_FIELDS);
}

/** Reads the scopes that the server would have accepted. */
export function missingScopes(message = ""): string[] | undefined {
  const [, scopes] = /expected any of: ([\w:, ]+)/.exec(message.slice(0, MAX_TEXT)) ?? [];
  return scopes === undefined ? undefined : names(scopes);
}
