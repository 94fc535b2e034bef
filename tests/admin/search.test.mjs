import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import * as admin from "auth0-users/admin";

import { start } from "./setup.mjs";

const { and, contains, eq, exists, not, or, parseQuery, prefix, q, range } = admin;
const cases = JSON.parse(await readFile(new URL("search.cases.json", import.meta.url), "utf8"));

/** A query out of the table: a function and what it is given, in which queries are such lists again. */
function build([name, ...given]) {
  return { ...admin, parse: parseQuery }[name](...given.map((value) => (Array.isArray(value) ? build(value) : value)));
}

for (const { build: tree, query, refused } of cases) {
  test(`${JSON.stringify(tree)} is ${query ?? "refused"}`, () => {
    if (query !== undefined) assert.equal(String(build(tree)), query);
    else
      assert.throws(
        () => build(tree),
        (error) => {
          assert.equal(error.code, "invalid_argument");
          assert.ok(error.message.includes(refused), error.message);
          return true;
        },
      );
  });
}

test("a template quotes its values, lists them, and puts queries into brackets", () => {
  const inner = q`name:${"Ada"} OR name:${'B"ob'}`;
  assert.equal(
    String(q`app_metadata.plan:${["a", 5]} AND ${inner}`),
    String.raw`app_metadata.plan:("a" OR "5") AND (name:"Ada" OR name:"B\"ob")`,
  );
  assert.equal(String(q`${eq("a", true)} AND b:${new Date(0)}`), 'a:"true" AND b:"1970-01-01T00:00:00.000Z"');
  assert.equal(String(q`name:\(${1n}`.length > 0), "true");
});

test("a template refuses values that are no whole term, and parts that do not match", () => {
  const value = "x";
  for (const [make, message] of [
    [() => q`name:"${value}"`, /unbalanced quotes/],
    [() => q`name:" ${value} "`, /unbalanced quotes/],
    [() => q`name:' ${value} '`, /unbalanced quotes/],
    [() => q`age:[${value} TO *]`, /unbalanced quotes or brackets/],
    [() => q`name:${value}*`, /value 1 must be a whole term/],
    [() => q`name:a${value}`, /value 1 must be a whole term/],
    [() => q`(name:${value}`, /opens a bracket/],
    [() => q`name:${eq("a", "b")}`, /cannot be the value of a field/],
    [() => q`name:${[]}`, /must have an element/],
    [() => q`name:${undefined}`, /value 1 must be text/],
    [() => q`name:${Number.NaN}`, /value 1 must be text/],
    [() => q`name:${new Date(Number.NaN)}`, /value 1 must be text/],
    [() => q`name:${"\ud800"}`, /well-formed/],
    [() => q`user_metadata.a:dark* AND name:${value}`, /user_metadata/],
    [() => q("name:x"), /q is a template/],
    [() => and(eq("a", "b"), "c:d"), /and needs queries/],
    [() => parseQuery(new URL("https://example.com/?page=1")), /query must be text/],
  ]) {
    assert.throws(make, { name: "TypeError", message });
  }
});

test("a query is refused from 8,193 bytes on, as it is sent", () => {
  const longest = "a".repeat(8_192 - encodeURIComponent('name:""').length);
  const message = /^the query is longer than 8192 bytes/;
  for (const make of [
    (value) => eq("name", value),
    (value) => parseQuery(`name:"${value}"`),
    (value) => q`name:${value}`,
    (value) => q(Object.assign([], { 0: `name:"${value}"`, length: 1, raw: [`name:"${value}"`] })),
  ]) {
    assert.equal(String(make(longest)), `name:"${longest}"`);
    for (const value of [`${longest}a`, `${longest.slice(1)}é`, longest.repeat(500)]) {
      assert.throws(() => make(value), { name: "TypeError", code: "invalid_argument", message });
    }
  }
  const many = Array.from({ length: 600 }, (_, n) => eq("user_id", `auth0|${n}`));
  assert.throws(() => or(...many), { message });
});

test("text that is hard to read is read once, or refused", () => {
  // Each made expressions start again at every place, and read on to the end from there.
  for (const piece of [
    " ",
    ":",
    ": ",
    "(",
    " (",
    ")",
    '"',
    "'",
    "[",
    "{",
    '["',
    '[\\"',
    "\\",
    "*",
    "a:",
    "((",
    '" ',
    "[ ",
  ]) {
    for (const count of [2, 999, 1_000, 100_000]) {
      const text = piece.repeat(count);
      for (const raw of [[text], ["a:", text], [text, ""], [`${text}a:`, ""]]) {
        const make = () => q(Object.assign([...raw], { raw }), ...raw.slice(1));
        try {
          assert.ok(String(make()).length <= 8_192);
        } catch ({ code, message }) {
          assert.equal(code, "invalid_argument", message);
          assert.ok(message.length <= 300);
        }
      }
    }
  }
});

test("a leading wildcard is refused behind any operator", () => {
  for (const text of ["name:*a", "name:+*a", "name:(+*a)", "name:(-*a OR !?a)", "-name:!*a", "name:-+*ab"]) {
    assert.throws(() => parseQuery(text), { code: "invalid_argument", message: /begins with a wildcard/ }, text);
  }
  for (const text of ["name:+*abc", "name:-a*", "+name:*"]) assert.equal(String(parseQuery(text)), text);
  for (const text of ["user_metadata.n:+>5", "user_metadata.n:!*"]) {
    assert.throws(() => parseQuery(text), { code: "invalid_argument" }, text);
  }
});

test("a query may begin a term with one character, and the tenant finds it", async () => {
  const users = ["Jo", "joan", "山田太郎", "Bo"].map((name, n) => ({ user_id: `auth0|${n}`, name }));
  const { client } = start({ users });
  for (const [query, names] of [
    [prefix("name", "j"), ["Jo", "joan"]],
    [prefix("name", "jo"), ["Jo", "joan"]],
    [prefix("name", "山田"), ["山田太郎"]],
    [parseQuery("name:j*n"), ["joan"]],
    [contains("name", "oan"), ["joan"]],
  ]) {
    const { data } = await client.users.list({ q: query });
    assert.deepEqual(data.map(({ name }) => name).sort(), names, String(query));
  }
});

test("a query goes through a URL unchanged", () => {
  const query = and(
    prefix("email", "a+b@"),
    range("created_at", { gte: "2024", lt: new Date(0) }),
    exists("name"),
    not(q`a:${"&=#"}`),
  );
  const parameters = query.toURLSearchParams();
  const url = new URL(`https://example.com/users?page=2&${parameters}`);
  // Of a document that a test makes up, or of a router.
  const like = { searchParams: { get: (name) => url.searchParams.get(name) } };
  for (const from of [parameters, url, String(query), query, like, like.searchParams])
    assert.equal(String(parseQuery(from)), String(query));
});

/** Numbers that follow from a seed. */
function random(seed) {
  return (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

test("whatever a value is, a query matches exactly the users who have it", async () => {
  const below = random(8);
  const pieces = [
    '"',
    "\\",
    "*",
    "?",
    "'",
    " ",
    "\n",
    "AND",
    "OR",
    "NOT",
    "TO",
    ":",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "^2",
    "~1",
  ];
  pieces.push(
    "é",
    "日本",
    "😀",
    "e\u0301",
    "\u202e",
    "\ufdd0",
    "a",
    "B",
    "-",
    "+",
    "!",
    "/",
    "||",
    "&&",
    "<5",
    "%2C",
    ",",
    "name:x",
  );
  const made = () => Array.from({ length: 1 + below(6) }, () => pieces[below(pieces.length)]).join("");
  const values = [...new Set(Array.from({ length: 250 }, made))];
  const users = values.map((value, index) => ({
    user_id: `auth0|u${index}`,
    app_metadata: { value },
    user_metadata: { value },
  }));
  const { client } = start({ users, rate: null, searchLagMs: 0 });
  const found = async (query) => {
    const page = await client.users.list({ q: query, per_page: 100 });
    return page.data.map(({ app_metadata: { value } }) => value).sort();
  };
  for (const value of values) {
    for (const field of ["app_metadata.value", "user_metadata.value"]) {
      assert.deepEqual(await found(eq(field, value)), [value]);
      assert.deepEqual(await found(q`${or(eq(field, value), eq("name", "nobody"))} AND ${not(eq(field, "none"))}`), [
        value,
      ]);
    }
    const begin = values.filter((other) => other.startsWith(value)).sort();
    assert.deepEqual(await found(prefix("app_metadata.value", value)), begin);
    if ([...value].length >= 3) {
      const have = values.filter((other) => other.includes(value)).sort();
      assert.deepEqual(await found(contains("app_metadata.value", value)), have);
    }
  }
});
