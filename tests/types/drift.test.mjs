// The table of operations, the TypeScript and the Rust declare the same thing three times. This holds them together.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { rustMethods, rustStructs, table, typescript } from "./declarations.mjs";

const rows = table();
const declared = typescript();
const structs = rustStructs();

/** Types that Rust does without, and why. */
const elsewhereInRust = {
  ChangePasswordTicketByEmail: "one struct for the two",
  ChangePasswordTicketById: "one struct for the two",
  GetUserRequestParameters: "CallOptions has a query",
  ImportedUser: "JSON as it is",
  LinkUserIdentityRequestContent: "an enum",
};

/** Parameters that Rust does without: CallOptions has a query. */
const isElsewhere = (type, name) => type === "ListUsersByEmailRequestParameters" && /fields$/.test(name);

/** Pages, which Rust takes apart. */
const isEnvelope = (name) => /^(User)?List.*ResponseContent$|PaginatedResponseContent$/.test(name);

const namesOf = (fields) => fields.map(({ name }) => name).sort();
const isQuery = (name) => name.endsWith("RequestParameters");

const client = new URL("../../pkg-template/src/client/management-client.ts", import.meta.url);

test("the table is read whole", () => {
  assert.equal(rows.length, 51);
  assert.ok(structs.length > 50);
});

test("TypeScript has a method for each operation, and no others", () => {
  // The compiler writes the name of a symbol with two underscores in front.
  const methods = declared
    .methods()
    .map(({ name }) => name)
    .filter((name) => !/^(__@|rateLimit\.)/.test(name));
  const others = ["can", "capabilities", "free", "request", "requiredScopes"];
  assert.deepEqual(methods.sort(), [...rows.map(({ name }) => name), ...others].sort());
});

test("the client of a signed-in user has the operations that the API has a scope of such a user for", () => {
  const reachable = rows.filter(({ scopes }) => scopes.some((scope) => scope.includes(":current_user")));
  const [, text] = readFileSync(client, "utf8").split("export interface CurrentUserClient");
  for (const { name } of rows.filter(({ name }) => name.startsWith("users."))) {
    const [, part, method] = name.split(".");
    const isDeclared = method ? text.includes(`readonly ${part}:`) : text.includes(`"${part}"`);
    const isReachable = reachable.some((row) => row.name === name || (method && row.name.startsWith(`users.${part}.`)));
    assert.equal(isDeclared, isReachable, name);
  }
});

for (const row of rows) {
  test(`${row.name} in TypeScript`, () => {
    const method = declared.methods().find(({ name }) => name === row.name);
    footerOf(row, method);

    const input = row.takesInput ? ["request"] : [];
    assert.deepEqual(
      method.parameters.map(({ name }) => name),
      [...row.ids, ...input, "requestOptions"],
    );
    const request = method.parameters.find(({ name }) => name === "request");
    if (row.mustHaveInput) assert.ok(!request.optional, "its request has to be given");
    if (row.query) {
      const fields = declared.fields(request.type);
      const { required, optional } = row.query;
      assert.deepEqual(namesOf(fields), [...required, ...optional].sort());
      assert.deepEqual(namesOf(fields.filter(({ optional }) => !optional)), [...required].sort());
      for (const { name, optional, kinds } of fields) assert.equal(kinds.has("null"), optional, name);
    }

    const result = {
      page: /^Promise<Page</,
      nothing: /^HttpResponsePromise<void>$/,
      data: /^HttpResponsePromise<(?!void)/,
    };
    assert.match(method.result, result[row.gives]);
  });
}

/** What the last line of the documentation of a method says that the table does not. */
function footerOf({ name, footer, sentOnce }, { documentation }) {
  const start = documentation.lastIndexOf(footer);
  assert.notEqual(start, -1, `${name}: its documentation ends with ${footer}`);
  const rest = documentation.slice(start + footer.length);
  const words = sentOnce
    ? /^(immediate|eventual) · sent once(, though idempotent)?$/
    : /^(immediate|eventual) · idempotent$/;
  assert.match(rest, words, name);
  return rest;
}

const pascal = (name) => name[0].toUpperCase() + name.slice(1);
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

test("Rust has a method for each operation", () => {
  const methods = rustMethods();
  for (const { constant, name } of rows) {
    const parts = name.split(".");
    const last = parts.pop();
    const owner = (parts.length > 1 ? parts.slice(1) : parts).map(pascal).join("");
    const method = methods.get(constant);
    assert.equal(`${method?.owner}::${method?.name}`, `${owner}::${snake(last)}`);
  }
});

test("the documentation of an operation says the same in both faces about when it takes effect and how often it is sent", () => {
  const methods = rustMethods();
  for (const row of rows) {
    const inTypeScript = declared.methods().find(({ name }) => name === row.name);
    assert.equal(footerOf(row, methods.get(row.constant)), footerOf(row, inTypeScript), row.name);
  }
});

const number = ["u32", "u64", "i64", "f64"];

/** The kind of JSON that a Rust type becomes; undefined if it may be any. */
function kindOf(type) {
  const inner = type.replace(/^(?:Option|Field)<(.*)>$/, "$1");
  if (inner === "Value") return undefined;
  if (inner === "String" || inner === "&'a str") return "string";
  if (inner === "bool") return "boolean";
  if (number.includes(inner)) return "number";
  return /^Vec<|^&'a \[/.test(inner) ? "array" : "object";
}

for (const struct of structs) {
  test(`${struct.name} in Rust and ${struct.types.join(", ")} in TypeScript`, () => {
    const own = new Map(struct.fields.map((field) => [field.name, field]));
    const seen = new Set();
    for (const type of struct.types) {
      assert.ok(declared.has(type), type);
      const fields = declared.fieldsOf(type).filter(({ name }) => !isElsewhere(type, name));
      for (const { name, kinds, optional } of fields) {
        const { type: rust } = own.get(name) ?? assert.fail(`${name} of ${type} is not in Rust`);
        const label = `${type}.${name}: ${rust}`;
        seen.add(name);
        if (kindOf(rust)) assert.ok(kinds.has(kindOf(rust)), label);
        if (struct.direction === "request") {
          assert.match(rust, optional ? /^(Option|Field|Vec)</ : /^(?!Option|Field)/, label);
          if (!isQuery(type)) assert.equal(/^Field</.test(rust), kinds.has("null"), label);
        }
      }
      if (struct.direction === "request") assert.deepEqual(namesOf(fields), namesOf(struct.fields), type);
    }
    assert.deepEqual([...seen].sort(), namesOf(struct.fields));
    if (struct.direction === "answer" && !struct.byHand) {
      for (const { name, type } of struct.fields) {
        assert.ok(/^Option</.test(type) || /(^|_)id$/.test(name), `${name} may be null`);
      }
    }
  });
}

test("every type of the wire has its Rust type", () => {
  const inRust = structs.flatMap(({ name, types }) => [name, ...types]).filter((name) => declared.has(name));
  const known = new Set(inRust.map((name) => declared.origin(name)));
  const missing = declared.management.filter(
    (name) => declared.isObject(name) && !isEnvelope(name) && !known.has(declared.origin(name)),
  );
  assert.deepEqual(missing.sort(), Object.keys(elsewhereInRust));
});
