import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { run } from "../helpers/project.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("the crate is published with its modules, what they read, and nothing else", async () => {
  const args = ["package", "--list", "--package", "auth0-users", "--allow-dirty", "--offline"];
  const { stdout } = await run("cargo", args, { cwd: root });
  // That one is only there where git is.
  const listed = stdout.split("\n").filter((name) => name && name !== ".cargo_vcs_info.json");

  const made = ["Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
  const expected = [...made, "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs"];
  // The list grows while it is gone through.
  for (const file of expected) {
    if (!file.endsWith(".rs")) continue;
    const source = await readFile(root + file, "utf8");
    const found = (pattern) => [...source.matchAll(pattern)].map(([, name]) => name);
    const directory = posix.dirname(file);
    const modules = file.replace(/\/(lib|mod)\.rs$|\.rs$/, "");
    for (const name of found(/^\s*(?:pub(?:\([\w: ]+\))? )?mod (\w+);/gm)) {
      expected.push(await existing(`${modules}/${name}.rs`, `${modules}/${name}/mod.rs`));
    }
    expected.push(...found(/include_(?:str|bytes)!\("(.+?)"\)/g).map((name) => posix.join(directory, name)));
    expected.push(...found(/\bmodule = "\/(.+?)"/g));
  }
  assert.deepEqual(listed.sort(), expected.sort());
});

async function existing(file, other) {
  return access(root + file).then(
    () => file,
    () => other,
  );
}
