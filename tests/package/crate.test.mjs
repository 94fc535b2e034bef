import assert from "node:assert/strict";
import { access, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { project, run } from "../helpers/project.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const licenses = ["LICENSE-APACHE", "LICENSE-MIT"];

for (const [name, directory, documents] of [
  ["auth0-users", root, ["CHANGELOG.md", "README.md"]],
  ["auth0-users-core", join(root, "crates/core"), []],
]) {
  test(`${name} is published with its modules and nothing else`, async () => {
    const args = ["package", "--list", "--package", name, "--allow-dirty", "--offline"];
    const { stdout } = await run("cargo", args, { cwd: root });
    // That one is only there where git is.
    const listed = stdout.split("\n").filter((file) => file && file !== ".cargo_vcs_info.json");

    const made = ["Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
    const expected = [...made, ...documents, ...licenses, "src/lib.rs"];
    // The list grows while it is gone through.
    for (const file of expected) {
      if (!file.endsWith(".rs")) continue;
      const source = await readFile(join(directory, file), "utf8");
      const modules = file.replace(/\/(lib|mod)\.rs$|\.rs$/, "");
      for (const [, module] of source.matchAll(/^\s*(?:pub(?:\([\w: ]+\))? )?mod (\w+);/gm)) {
        expected.push(await existing(directory, `${modules}/${module}.rs`, `${modules}/${module}/mod.rs`));
      }
    }
    assert.deepEqual(listed.sort(), expected.sort());
  });
}

test("a native program learns what to use instead", { timeout: 600_000 }, async () => {
  const crate = join(project, "../native-rust");
  await mkdir(join(crate, "src"), { recursive: true });
  await writeFile(join(crate, "src/lib.rs"), "pub use auth0_users::Client;\n");
  const manifest = '[package]\nname = "native"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n[dependencies]\n';
  await writeFile(join(crate, "Cargo.toml"), `${manifest}auth0-users = { path = ${JSON.stringify(root)} }\n`);
  // The versions are those of the repository, so that nothing has to be looked up.
  await copyFile(join(root, "Cargo.lock"), join(crate, "Cargo.lock"));
  const args = ["check", "--offline", "--message-format=short", "--color=never"];
  const check = (...more) => run("cargo", [...args, ...more], { cwd: crate, timeout: 600_000 });

  const { message } = await check().catch((error) => error);
  const errors = message.match(/^.*: error\b.*$/gm);
  assert.equal(errors?.length, 1, message);
  for (const hint of ["wasm32-unknown-unknown", "npm package auth0-users", "reqwest"]) {
    assert.ok(errors[0].includes(hint), message);
  }
  await check("--target", "wasm32-unknown-unknown");
});

async function existing(directory, file, other) {
  return access(join(directory, file)).then(
    () => file,
    () => other,
  );
}
