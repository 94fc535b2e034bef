import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { fileURLToPath } from "node:url";

import * as auth0 from "auth0-users";
import * as admin from "auth0-users/admin";
import * as proxy from "auth0-users/proxy";
import * as slim from "auth0-users/slim";

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
        const files = ["admin.mts", "consumer.mts", "operations.mts", "proxy.mts", "testing.mts"];
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

test("the declarations have the values that the entries export", async () => {
  for (const [exports, file] of Object.entries({ index: auth0, slim })) {
    const text = await readFile(`${here}../node_modules/auth0-users/index.d.cts`, "utf8");
    const names = [...text.matchAll(/^export (?:class|function|const|namespace) (\w+)/gm)].map(([, name]) => name);
    if (exports === "slim") names.push("init");
    assert.deepEqual(Object.keys(file).sort(), names.sort());
  }
});

for (const [part, entry] of Object.entries({ admin, proxy })) {
  test(`the declarations of auth0-users/${part} have the values that it exports`, async () => {
    const text = await readFile(`${here}../node_modules/auth0-users/${part}.d.ts`, "utf8");
    const names = [...text.matchAll(/^export (?:class|function|const) (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(Object.keys(entry).sort(), [...new Set(names)].sort());
  });
}
