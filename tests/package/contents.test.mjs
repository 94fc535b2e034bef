import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { project } from "../helpers/project.mjs";

const installed = join(project, "node_modules/auth0-users");

test("the package has these files and no others", async () => {
  const files = await readdir(installed, { recursive: true });
  assert.deepEqual(files.sort(), [
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "admin.d.ts",
    "admin.js",
    "edge-light.js",
    "glue.js",
    "index.cjs",
    "index.d.cts",
    "index.d.ts",
    "index.js",
    "package.json",
    "proxy-edge-light.js",
    "proxy-glue.js",
    "proxy-workerd.js",
    "proxy.d.ts",
    "proxy.js",
    "proxy.wasm",
    "slim.d.ts",
    "slim.js",
    "testing.d.ts",
    "testing.js",
    "users.wasm",
    "workerd.js",
  ]);
});

test("the package needs no other and runs nothing when installed", async () => {
  const manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"]) {
    assert.equal(manifest[field], undefined, field);
  }
  const cargo = await readFile(new URL("../../Cargo.toml", import.meta.url), "utf8");
  assert.match(cargo, new RegExp(`^version = "${manifest.version}"$`, "m"));
});

test("the entries name neither a file nor a directory of the machine they were built on", async () => {
  for (const name of [
    "admin.js",
    "index.js",
    "index.cjs",
    "glue.js",
    "users.wasm",
    "proxy.js",
    "proxy-glue.js",
    "proxy.wasm",
    "testing.js",
  ]) {
    const text = await readFile(join(installed, name), "latin1");
    assert.doesNotMatch(text, /import\.meta|node:fs|require\(/, name);
    assert.doesNotMatch(text, /\.cargo|registry\/src|\/home\/|\/root\//, name);
    assert.ok(!text.includes(process.cwd()), name);
  }
});
