import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";
import { Miniflare } from "miniflare";

import { project } from "./project.mjs";

/**
 * Starts workerd with a Worker that is bundled as wrangler does; it ends with the test.
 *
 * @param {{ after(stop: () => Promise<void>): void }} context
 * @param {string} contents of the Worker's module
 * @param {string[]} wasm the modules of the package that it imports
 * @param {Record<string, string>} bindings
 * @returns the origin that it answers at
 */
export async function startWorker(context, contents, wasm, bindings = {}) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker"],
    external: ["*.wasm"],
    write: false,
  });
  const imported = wasm.map(async (name) => ({
    type: "CompiledWasm",
    path: name,
    contents: await readFile(join(project, "node_modules/auth0-users", name)),
  }));
  const worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.js", contents: outputFiles[0].text }, ...(await Promise.all(imported))],
    compatibilityDate: "2026-01-01",
    bindings,
  });
  context.after(() => worker.dispose());
  return (await worker.ready).origin;
}
