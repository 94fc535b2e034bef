// Where JavaScript runs on servers: the whole suite, with a tenant in the process and over the runtime's own fetch.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { project, run } from "../helpers/project.mjs";
import { startWorker } from "../helpers/workerd.mjs";
import { bun, deno, program, server } from "./setup.mjs";
import { expected } from "./suite.mjs";

/** Runs the suite in a program, and expects that it says nothing else. */
async function passes(command, args, options) {
  const { stdout, stderr } = await run(command, args, options);
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), [expected, expected]);
}

for (const [what, name, specifier] of [
  ["an ES module", "node.mjs"],
  ["CommonJS", "node.cjs"],
  ["CommonJS that requires the ES module", "node-esm.cjs", "../node_modules/auth0-users/index.js"],
]) {
  test(`Node.js, ${what}`, async (t) => {
    await passes("node", [await program(name, await server(t), specifier)]);
  });
}

test("Deno, which is allowed nothing but the network", async (t) => {
  const tenant = await server(t);
  const file = await program("deno.mjs", tenant);
  const flags = ["--quiet", "--no-prompt", "--no-remote", "--node-modules-dir=manual"];
  const env = { ...process.env, DENO_DIR: join(project, "../deno"), DENO_NO_UPDATE_CHECK: "1" };
  await passes("node", [deno, "run", ...flags, `--allow-net=${new URL(tenant.url).host}`, file], { env });
});

for (const name of ["bun.mjs", "bun.cjs"]) {
  test(`Bun, ${name}`, async (t) => {
    await passes(bun(), ["run", await program(name, await server(t))]);
  });
}

test("a program made by bun build --compile, without the package beside it", async (t) => {
  const file = await program("compiled.mjs", await server(t));
  const compiled = join(project, "../bun-compiled");
  await run(bun(), ["build", "--compile", `--outfile=${compiled}`, file]);
  await passes(compiled, [], { cwd: "/" });
});

test("workerd, and sixty requests at once that share a client", async (t) => {
  const tenant = await server(t);
  const contents = `
    import * as auth0 from "auth0-users";
    import { suite } from ${JSON.stringify(fileURLToPath(new URL("./suite.mjs", import.meta.url)))};
    const tenant = ${JSON.stringify(tenant)};
    const shared = new auth0.ManagementClient({ baseUrl: tenant.url, token: tenant.token });
    export default {
      async fetch(request) {
        const { pathname } = new URL(request.url);
        if (pathname === "/suite") return Response.json(await suite(auth0, tenant));
        const { data } = await shared.users.list({ per_page: 1, page: Number(pathname.slice(1)), sort: "user_id:1" });
        return Response.json(data[0].user_id);
      },
    };`;
  const origin = await startWorker(t, contents, ["users.wasm"]);
  const get = async (path) => (await fetch(`${origin}/${path}`)).json();

  const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => get(n % 9)));
  assert.equal(new Set(ids).size, 9);
  assert.deepEqual(
    ids,
    Array.from(ids, (_, n) => ids[n % 9]),
  );
  assert.deepEqual(await get("suite"), expected);
});
