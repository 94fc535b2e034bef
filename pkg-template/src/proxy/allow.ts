// Reads the option `allow`, as rules for the module and as capabilities for the browser.

import type { Capabilities, OperationName, OperationRule } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { isRecord, record, type UnknownRecord } from "../client/objects.ts";
import { checkRule } from "../wasm/proxy/glue.js";

/** The allowed operations, by name. */
export type Allow = { readonly [Name in OperationName]?: boolean | OperationRule };

/** The fields of an answer that the browser gets. */
export interface AnswerRule {
  /** The fields that are kept; undefined keeps all. */
  kept: ReadonlySet<string> | undefined;
  /** The fields that are taken out at any depth. */
  removed: ReadonlySet<string>;
}

/** The rules as the proxy uses them. */
export interface Rules {
  /** A line for each operation, for the module. */
  text: string;
  operations: Capabilities["operations"];
  /** The rule for the answers of each operation in `text`. */
  answers: Readonly<Record<OperationName, AnswerRule>>;
}

/** The fields that hold credentials of identity providers. */
const SECRETS = ["access_token", "access_token_secret", "id_token", "refresh_token"];

/** A name that cannot end its line or its column in the text for the module. */
const NAME = /^[^\s\p{Cc}\p{Cs}]+$/u;

/** Reads the rules, once. Throws a `TypeError` that names the invalid rule. */
export function readAllow(allow: Allow): Rules {
  check(isPlain(allow), 'allow must be an object such as { "users.list": true }');
  const lines: string[] = [];
  const operations: Record<string, true | Record<string, string[]>> = {};
  const answers = record({}) as Record<OperationName, AnswerRule>;
  for (const [name, rule] of entriesOf(allow)) {
    verify(name, "", "");
    if (rule === false || rule === undefined) continue;
    check(rule === true || isPlain(rule), `allow: ${name} must be true or an object of options`);
    const limits = new Map<string, string[]>();
    for (const [option, names] of rule === true ? [] : entriesOf(rule)) {
      limits.set(option, readOption(name, option, names));
    }
    const secrets = limits.get("secrets") ?? [];
    answers[name as OperationName] = {
      kept: limits.has("response") ? new Set(limits.get("response")) : undefined,
      removed: new Set(SECRETS.filter((secret) => !secrets.includes(secret))),
    };
    const published = [...limits].filter(([option]) => option !== "secrets");
    operations[name] = published.length > 0 ? Object.fromEntries(published) : true;
    const columns = [...limits].flatMap(([option, names]) => [option, ...names.map((field) => `${option} ${field}`)]);
    lines.push([name, ...columns].join("\t"));
  }
  return { text: lines.join("\n"), operations, answers };
}

/** Reads the names of one limit. A limit without readable names is refused, since it would allow everything. */
function readOption(name: string, option: string, names: unknown): string[] {
  verify(name, option, "");
  const copy: unknown[] | undefined = Array.isArray(names) ? Array.from(names) : undefined;
  check(
    copy?.every((field): field is string => typeof field === "string" && NAME.test(field)),
    `allow: ${option} of ${name} must be an array of names; leave ${option} out to set no limit`,
  );
  for (const field of copy) {
    verify(name, option, field);
    check(option !== "secrets" || SECRETS.includes(field), `allow: secrets of ${name} can be ${SECRETS.join(", ")}`);
  }
  return copy;
}

/** Refuses a rule that the module does not know. */
function verify(name: unknown, option: unknown, field: string): void {
  const fault = typeof name === "string" && typeof option === "string" ? checkRule(name, option, field) : "is a symbol";
  check(fault === undefined, `allow: ${[name, option, field].filter(Boolean).map(String).join(", ")}: ${fault}`);
}

/**
 * Returns all own properties, also those that are not enumerable: a limit must not get lost. verify() refuses the names
 * that are symbols.
 */
function entriesOf(object: object): [name: string, value: unknown][] {
  return (Reflect.ownKeys(object) as string[]).map((name) => [name, (object as UnknownRecord)[name]]);
}

/** Returns whether a value is an object that inherits from `Object.prototype` at most. */
function isPlain(value: unknown): value is object {
  if (!isRecord(value)) return false;
  const parent: unknown = Object.getPrototypeOf(value);
  return parent === null || Object.getPrototypeOf(parent) === null;
}
