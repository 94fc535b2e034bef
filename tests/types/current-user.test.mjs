import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";

import ts from "typescript";

import { operations } from "../helpers/api.mjs";

const file = fileURLToPath(new URL("../node_modules/auth0-users/index.d.cts", import.meta.url));
const program = ts.createProgram([file], { strict: true, lib: ["lib.es2022.d.ts"], types: [] });
const checker = program.getTypeChecker();

/** The methods of a type and of what it consists of, by their paths. */
function methods(type, prefix) {
  return checker.getPropertiesOfType(type).flatMap((symbol) => {
    const name = `${prefix}.${symbol.name}`;
    const type = checker.getTypeOfSymbol(symbol);
    return type.getCallSignatures().length > 0 ? [name] : methods(type, name);
  });
}

test("a signed-in user's client has what its scopes can reach", () => {
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  const client = checker.getDeclaredTypeOfSymbol(exported.find(({ name }) => name === "CurrentUserClient"));
  const users = checker.getTypeOfSymbol(client.getProperty("users"));

  const resourceOf = (name) => name.slice(0, name.lastIndexOf("."));
  const reachable = operations.filter(({ scopes }) => scopes.some((scope) => scope.includes(":current_user")));
  const names = reachable.map(({ name }) => name);
  // Of a resource below users all methods are there.
  const resources = new Set(names.map(resourceOf).filter((resource) => resource !== "users"));
  const ofResources = operations.map(({ name }) => name).filter((name) => resources.has(resourceOf(name)));
  assert.deepEqual(methods(users, "users").sort(), [...new Set([...names, ...ofResources])].sort());
});
