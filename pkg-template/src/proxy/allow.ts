// What is allowed, as its author writes it: made into the text that the module reads, and what a browser learns of it.

import { ruleFault } from "../wasm/proxy/glue.js";
import { check } from "./refusal.ts";

/** The fields with which identity providers let their holder in. */
const SECRETS = ["access_token", "access_token_secret", "id_token", "refresh_token"];

/** A name that cannot end its line or its column in the text for the module. */
const NAME = /^[^\s\p{Cc}\p{Cs}]+$/u;

/** Reads the rules, once. Throws a `TypeError` that names what is wrong with them. */
export function readAllow(allow) {
  check(isPlain(allow), 'allow must be an object such as { "users.list": true }');
  const lines = [];
  const operations = {};
  const answers = new Map();
  for (const [name, rule] of entriesOf(allow)) {
    verify(name, "", "");
    if (rule === false || rule === undefined) continue;
    check(rule === true || isPlain(rule), `allow: ${name} must be true or an object of options`);
    const limits = new Map();
    for (const [option, names] of rule === true ? [] : entriesOf(rule)) {
      limits.set(option, readOption(name, option, names));
    }
    const secrets = limits.get("secrets") ?? [];
    answers.set(name, {
      kept: limits.has("response") ? new Set(limits.get("response")) : undefined,
      removed: new Set(SECRETS.filter((secret) => !secrets.includes(secret))),
    });
    const published = [...limits].filter(([option]) => option !== "secrets");
    operations[name] = published.length > 0 ? Object.fromEntries(published) : true;
    const words = [...limits].flatMap(([option, names]) => [option, ...names.map((field) => `${option} ${field}`)]);
    lines.push([name, ...words].join("\t"));
  }
  return { text: lines.join("\n"), operations, answers };
}

/** Reads the names of one limit. A limit that is given but has no names to read would allow everything. */
function readOption(name, option, names) {
  verify(name, option, "");
  const copy = Array.isArray(names) ? Array.from(names) : undefined;
  check(
    copy?.every((field) => typeof field === "string" && NAME.test(field)),
    `allow: ${option} of ${name} must be an array of names; leave ${option} out to set no limit`,
  );
  for (const field of copy) {
    verify(name, option, field);
    check(option !== "secrets" || SECRETS.includes(field), `allow: secrets of ${name} can be ${SECRETS.join(", ")}`);
  }
  return copy;
}

function verify(name, option, field) {
  const fault = typeof name === "string" && typeof option === "string" ? ruleFault(name, option, field) : "is a symbol";
  check(fault === undefined, `allow: ${[name, option, field].filter(Boolean).map(String).join(", ")}: ${fault}`);
}

/** All own properties, also those that are not enumerable: a limit must not get lost. */
function entriesOf(object) {
  return Reflect.ownKeys(object).map((name) => [name, object[name]]);
}

/** Is it an object that inherits nothing but what every object does? */
function isPlain(value) {
  if (!isRecord(value)) return false;
  const parent = Object.getPrototypeOf(value);
  return parent === null || Object.getPrototypeOf(parent) === null;
}

export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
