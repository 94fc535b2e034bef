import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";

import * as auth0 from "auth0-users";
import * as admin from "auth0-users/admin";
import * as proxy from "auth0-users/proxy";
import * as slim from "auth0-users/slim";
import * as testing from "auth0-users/testing";
import ts from "typescript";

import { run } from "../helpers/project.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const here = fileURLToPath(new URL("./", import.meta.url));

// Everything strict, the package's own declarations checked too, and no types but those of the language.
const always = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022", "--typeRoots", "none"];
always.push("--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess");
const resolutions = {
  nodenext: ["--module", "nodenext"],
  bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
};
const libraries = { "without DOM": ["es2022"], "with DOM": ["es2022", "dom", "dom.iterable"] };

for (const compiler of ["typescript", "typescript-7"]) {
  for (const [resolution, module] of Object.entries(resolutions)) {
    for (const [name, lib] of Object.entries(libraries)) {
      test(`${compiler}, ${resolution}, ${name}`, async () => {
        const files = ["admin.mts", "consumer.mts", "examples.mts", "operations.mts", "proxy.mts", "testing.mts"];
        const augmented = ["augmented.mts"];
        if (resolution === "nodenext") {
          files.push("consumer.cts");
          augmented.push("augmented.cts");
        }
        if (lib.includes("dom")) files.push("dom.mts", "testing-dom.mts");
        const compile = [`${root}node_modules/${compiler}/bin/tsc`, ...always, ...module, "--lib", lib.join()];
        await run("node", [...compile, ...files], { cwd: here });
        // What it declares would be seen by the others.
        for (const file of augmented) await run("node", [...compile, file], { cwd: here });
      });
    }
  }
}

for (const [entry, exports] of Object.entries({ index: auth0, admin, proxy, slim, testing })) {
  test(`the declarations of ${entry} have the values that it exports`, () => {
    assert.deepEqual(Object.keys(exports).sort(), valuesOf(`${here}../node_modules/auth0-users/${entry}.d.ts`));
  });
}

/** The names of the values that a file of declarations exports. */
function valuesOf(path) {
  const options = { lib: ["lib.es2022.d.ts"], module: ts.ModuleKind.NodeNext, strict: true, types: [] };
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)));
  const isValue = (symbol) => {
    if (symbol.declarations.some(ts.isTypeOnlyExportDeclaration)) return false;
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return Boolean(target.flags & ts.SymbolFlags.Value);
  };
  return exported
    .filter(isValue)
    .map(({ name }) => name)
    .sort();
}
