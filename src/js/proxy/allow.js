// What is allowed, as its author writes it: made into the text that the module reads, and what a browser is told.

import { ruleFault } from "../proxy-bindgen/glue.js";
import { check } from "./refusal.js";

/** The fields with which identity providers let whoever holds them in. */
const SECRETS = ["access_token", "access_token_secret", "id_token", "refresh_token"];

/** Reads the rules, once. Throws a `TypeError` that names what is wrong with them. */
export function readAllow(allow) {
  check(isRecord(allow), 'allow must be an object such as { "users.list": true }');
  const lines = [];
  const operations = {};
  const answers = new Map();
  for (const [name, rule] of Object.entries(allow)) {
    verify(name, "", "");
    if (rule === false || rule === undefined) continue;
    check(rule === true || isRecord(rule), `allow: ${name} must be true or an object of options`);
    const limits = Object.entries(rule === true ? {} : rule).filter(([, names]) => names !== undefined);
    for (const [option, names] of limits) readOption(name, option, names);
    const { response, secrets = [] } = Object.fromEntries(limits);
    answers.set(name, {
      kept: response && new Set(response),
      removed: new Set(SECRETS.filter((secret) => !secrets.includes(secret))),
    });
    const told = limits.filter(([option]) => option !== "secrets");
    operations[name] = told.length > 0 ? Object.fromEntries(told.map(([option, names]) => [option, [...names]])) : true;
    const words = limits.flatMap(([option, names]) => [option, ...names.map((field) => `${option} ${field}`)]);
    lines.push([name, ...words].join("\t"));
  }
  return { text: lines.join("\n"), operations, answers };
}

function readOption(name, option, names) {
  verify(name, option, "");
  const isName = (field) => typeof field === "string" && /^[^\s]+$/.test(field);
  check(Array.isArray(names) && names.every(isName), `allow: ${option} of ${name} must be an array of names`);
  for (const field of names) {
    verify(name, option, field);
    check(option !== "secrets" || SECRETS.includes(field), `allow: secrets of ${name} can be ${SECRETS.join(", ")}`);
  }
}

function verify(name, option, field) {
  const fault = ruleFault(name, option, field);
  check(fault === undefined, `allow: ${[name, option, field].filter(Boolean).join(", ")}: ${fault}`);
}

export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
