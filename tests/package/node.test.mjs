import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { project, run } from "../helpers/project.mjs";
import { watch } from "../helpers/watch.mjs";
import { server } from "../runtimes/setup.mjs";
import { expected } from "../runtimes/suite.mjs";

const suite = JSON.stringify(new URL("../runtimes/suite.mjs", import.meta.url).href);

/** Runs a script in the project, as `node --eval` does, and returns what it prints as JSON. */
async function evaluate(type, script) {
  const { stdout, stderr } = await run("node", [`--input-type=${type}`, "--eval", script]);
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

const operate = (tenant) =>
  `import(${suite}).then(({ suite }) => suite(auth0, ${JSON.stringify(tenant)})).then((result) => console.log(JSON.stringify(result)));`;

test("CommonJS and ES modules export the same names", async () => {
  const names = await evaluate(
    "module",
    `import * as esm from "auth0-users";
     import * as slim from "auth0-users/slim";
     import { createRequire } from "node:module";
     const cjs = createRequire(process.cwd() + "/x.js")("auth0-users");
     console.log(JSON.stringify([esm, cjs, slim].map((exports) => Object.keys(exports).sort())));`,
  );
  const [esm, cjs, slim] = names;
  assert.ok(esm.includes("ManagementClient"));
  assert.deepEqual(cjs, esm);
  assert.deepEqual(slim, [...esm, "init"].sort());
});

test("importing touches neither WebAssembly nor the network", async () => {
  const touched = await evaluate(
    "module",
    `${watch}
     ["WebAssembly", "fetch", "atob", "Response", "AbortController", "setTimeout"].forEach(watch);
     const { ManagementClient } = await import("auth0-users");
     const before = [...touched];
     let refusal;
     try { new ManagementClient({ domain: "tenant.example", token: "t" }); } catch (error) { refusal = error.message; }
     console.log(JSON.stringify({ before, after: touched.includes("WebAssembly"), refusal }));`,
  );
  assert.deepEqual(touched.before, []);
  assert.equal(touched.after, true);
  assert.match(touched.refusal, /WebAssembly.*Lockdown Mode/);
});

test("the first client compiles the module, the others do not; a failure can be repeated", async () => {
  const result = await evaluate(
    "module",
    `import { createHash } from "node:crypto";
     const { Module } = WebAssembly;
     const compiled = [];
     let refuse = true;
     WebAssembly.Module = class extends Module {
       constructor(bytes) {
         if (refuse) throw new WebAssembly.CompileError("refused");
         super(bytes);
         compiled.push(createHash("sha256").update(bytes).digest("hex"));
       }
     };
     const { ManagementClient } = await import("auth0-users");
     const make = () => new ManagementClient({ domain: "tenant.example", token: "t" });
     let first;
     try { make(); } catch (error) { first = { message: error.message, cause: error.cause.name }; }
     refuse = false;
     class Own extends ManagementClient {}
     const own = new Own({ domain: "tenant.example", token: "t" });
     console.log(JSON.stringify({
       first,
       compiled: [make(), make()] && compiled,
       name: ManagementClient.name,
       instance: own instanceof Own && own instanceof ManagementClient && make() instanceof ManagementClient,
     }));`,
  );
  assert.match(result.first.message, /'wasm-unsafe-eval'.*script-src/);
  assert.equal(result.first.cause, "CompileError");
  assert.equal(result.compiled.length, 1);
  assert.equal(result.name, "ManagementClient");
  assert.equal(result.instance, true);

  const wasm = await readFile(`${project}/node_modules/auth0-users/users.wasm`);
  assert.equal(result.compiled[0], createHash("sha256").update(wasm).digest("hex"), "the inline bytes are users.wasm");
});

test("the slim entry starts from bytes or from a module, and says so when it was not started", async (t) => {
  for (const source of ["bytes", "new WebAssembly.Module(bytes)"]) {
    const result = await evaluate(
      "module",
      `import * as auth0 from "auth0-users/slim";
       import { readFileSync } from "node:fs";
       const bytes = readFileSync(new URL(import.meta.resolve("auth0-users/users.wasm")));
       let early;
       try { new auth0.ManagementClient({ domain: "tenant.example", token: "t" }); } catch (error) { early = error; }
       if (!/init\\(\\)/.test(early.message)) throw early;
       auth0.init(${source});
       ${operate(await server(t))}`,
    );
    assert.deepEqual(result, expected, source);
  }
});

for (const condition of ["workerd", "edge-light"]) {
  test(`the ${condition} entry starts from an imported module`, async (t) => {
    // Node.js plays the part of the runtime, which gives a compiled module to whoever imports a .wasm file.
    const hook = `
      import { readFileSync } from "node:fs";
      import { fileURLToPath } from "node:url";
      export async function load(url, context, next) {
        if (!new URL(url).pathname.endsWith(".wasm")) return next(url, context);
        const base64 = readFileSync(fileURLToPath(url.split("?")[0])).toString("base64");
        const source = \`export default new WebAssembly.Module(Buffer.from("\${base64}", "base64"))\`;
        return { format: "module", shortCircuit: true, source };
      }`;
    const register = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hook))});`;
    const { stdout } = await run("node", [
      `--conditions=${condition}`,
      `--import=${dataUrl(register)}`,
      "--input-type=module",
      "--eval",
      `import * as auth0 from "auth0-users"; ${operate(await server(t))}`,
    ]);
    assert.deepEqual(JSON.parse(stdout), expected);
  });
}

function dataUrl(script) {
  return `data:text/javascript,${encodeURIComponent(script)}`;
}
