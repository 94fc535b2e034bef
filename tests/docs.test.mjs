// What the documents show is run, or at least compiled.
import assert from "node:assert/strict";
import { access, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";

import { documents, examples } from "./documents.mjs";
import { project, run } from "./helpers/project.mjs";
import { startTenant } from "./helpers/tenant.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const { baseUrl, token } = await startTenant({ after });

/** What an example that begins in the middle has had before it. */
const before = `
  import { ManagementClient } from "auth0-users";
  const client = new ManagementClient({ domain: "tenant.eu.auth0.com", token: process.env.AUTH0_TOKEN });
  const password = "Correct-Horse-7-Battery";
  const { user_id: id } = await client.users.create({
    connection: "Username-Password-Authentication",
    email: crypto.randomUUID() + "@example.com",
    password,
  });
`;

for (const { place, code } of await examples("js")) {
  test(`${place} does what it says`, async () => {
    const type = /\brequire\(/.test(code) ? "commonjs" : "module";
    const whole = /\bconst client\b/.test(code) ? code : before + code;
    // Who asks for tokens needs a domain, and the tenant has no TLS.
    const { host } = new URL(baseUrl);
    const local = /\bclientId\b/.test(code)
      ? `domain: "${host}", fetch: (url, init) => fetch(url.replace("https:", "http:"), init)`
      : `baseUrl: "${baseUrl}"`;
    const script = whole.replaceAll('domain: "tenant.eu.auth0.com"', local);
    const credentials = { AUTH0_CLIENT_ID: "tenant-demo-client", AUTH0_CLIENT_SECRET: "tenant-demo-secret" };
    const env = { ...process.env, AUTH0_TOKEN: token, ...credentials };
    // The project has only the package; the directory of the tests has what it is used with, too.
    const cwd = /from "(express|hono)"/.test(code) ? fileURLToPath(new URL("./", import.meta.url)) : project;
    const { stdout, stderr } = await run("node", [`--input-type=${type}`, "--eval", script], { env, cwd });
    assert.equal(stderr, "");
    // A comment behind console.log says what it prints.
    const said = [...code.matchAll(/console\.log\(.*\)[;,] \/\/ (.*)$/gm)].map(([, words]) => words);
    assert.deepEqual(stdout.split("\n").slice(0, -1), said);
  });
}

test("the TypeScript in the documents has the types it says", async () => {
  const files = [];
  for (const { place, code } of await examples("ts")) {
    const file = `${place.replaceAll(/\W+/g, "-")}.mts`;
    await writeFile(join(project, file), code);
    files.push(file);
  }
  assert.notEqual(files.length, 0);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022", "--lib", "es2022"];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await run("node", [tsc, ...options, "--module", "nodenext", "--typeRoots", "none", ...files]);
});

test("the Rust in the documents compiles without the npm package's exports", { timeout: 600_000 }, async () => {
  const crate = join(project, "../docs-rust");
  await mkdir(join(crate, "src"), { recursive: true });
  const code = (await examples("rust")).map(({ code }, n) => `pub mod example${n} {\n${code}}\n`);
  assert.notEqual(code.length, 0);
  await writeFile(join(crate, "src/lib.rs"), code.join(""));
  const dependencies = `auth0-users = { path = ${JSON.stringify(root)} }\nweb-sys = "0.3"`;
  const manifest = `[package]\nname = "docs"\nversion = "0.0.0"\nedition = "2024"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\n${dependencies}\n`;
  await writeFile(join(crate, "Cargo.toml"), `[workspace]\n\n${manifest}`);
  // The versions are those of the repository, so that nothing has to be looked up.
  await copyFile(join(root, "Cargo.lock"), join(crate, "Cargo.lock"));
  const target = ["--target", "wasm32-unknown-unknown", "--target-dir", join(crate, "target")];
  await run("cargo", ["build", "--offline", ...target], { cwd: crate, timeout: 600_000 });
  const built = await readFile(join(crate, "target/wasm32-unknown-unknown/debug/docs.wasm"));
  const names = WebAssembly.Module.exports(new WebAssembly.Module(built)).map(({ name }) => name);
  assert.ok(names.includes("memory"));
  assert.deepEqual(
    names.filter((name) => /^(__wbg_)?(core|pagecursor)_/.test(name)),
    [],
  );
});

test("links between the documents lead somewhere", async () => {
  let links = 0;
  for (const { name, text } of await documents()) {
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
      links++;
      await access(join(root, name, "..", link)).catch(() =>
        assert.fail(`${name} links to ${link}, which is not there`),
      );
    }
  }
  assert.notEqual(links, 0);
});
