// Node.js prints the source line of an uncaught error: it has to be a line that one can read.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { project } from "../helpers/project.mjs";

const client = 'new ManagementClient({ domain: "tenant.example", token: "t" })';

/** Programs with a mistake, and what the error says of it. */
const mistakes = {
  "no options": ["auth0-users", "new ManagementClient()", /domain/],
  "a wrong option": ["auth0-users", 'new ManagementClient({ domain: 1, token: "t" })', /domain/],
  "no token": ["auth0-users", 'new ManagementClient({ domain: "tenant.example" })', /token/],
  "a wrong argument": ["auth0-users", `await ${client}.users.get(1)`, /users\.get: id/],
  "a wrong field": ["auth0-users", `${client}.users.update("a", { name: 1n })`, /users\.update: request/],
  "no client": ["auth0-users/admin", "withAdmin({})", /client/],
  "a proxy without options": ["auth0-users/proxy", "createProxy({})", /authorize/],
  "a slim client not started": ["auth0-users/slim", "new ManagementClient({})", /init\(\)/],
  "a wrong option of a tenant": ["auth0-users/testing", "createTenant({ clock: 1 })", /clock/],
  "a wrong seed of a tenant": ["auth0-users/testing", 'createTenant({ seed: "a" })', /seed/],
};

const ways = {
  module: (entry, program, name) => `import { ${name} } from "${entry}"; ${program}`,
  commonjs: (entry, program, name) => `(async () => { const { ${name} } = require("${entry}"); ${program} })()`,
};

for (const [mistake, [entry, program, message]] of Object.entries(mistakes)) {
  for (const [type, write] of Object.entries(ways)) {
    // Node.js 20.18 and older cannot require the other entries.
    if (type === "commonjs" && entry !== "auth0-users") continue;
    test(`${mistake}: the error is short (${type})`, () => {
      const [name] = /ManagementClient|withAdmin|createProxy|createTenant/.exec(program);
      const args = [`--input-type=${type}`, "--eval", write(entry, program, name)];
      const { status, stderr } = spawnSync("node", args, { cwd: project, encoding: "utf8" });
      assert.notEqual(status, 0);
      assert.match(stderr, message);
      assert.ok(stderr.length < 2_000, `${stderr.length} characters:\n${stderr.slice(0, 4_000)}`);
    });
  }
}

test("only the texts of modules are long lines", async () => {
  const installed = join(project, "node_modules/auth0-users");
  const files = await readdir(installed);
  const long = [];
  for (const file of files.filter((name) => /\.c?js$/.test(name))) {
    const lines = (await readFile(join(installed, file), "utf8")).split("\n");
    const found = lines.filter((line) => line.length > 1_000 && !/^var \w+ = "[^"]*";$/.test(line));
    long.push(...found.map((line) => `${file}: ${line.slice(0, 80)}`));
  }
  assert.deepEqual(long, []);
});
