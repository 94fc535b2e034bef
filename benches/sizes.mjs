// What each package weighs: in a page, and on a disk.
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const entries = {
  "auth0-users": 'export * from "auth0-users"',
  auth0: 'export { ManagementClient } from "auth0"',
  "auth0/users": 'export * from "auth0/users"',
};

/** Bytes of a minified bundle for browsers with all of an entry, compressed. */
async function bundle(contents, resolveDir) {
  const options = { bundle: true, minify: true, format: "esm", platform: "browser", write: false, logLevel: "error" };
  const { outputFiles } = await build({ stdin: { contents, resolveDir }, ...options });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

async function filesOf(directory) {
  const files = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files.push(...(await filesOf(path)));
    else files.push((await stat(path)).size);
  }
  return files;
}

/** The directories of a package and of all that it needs. */
async function closure(name, from, found = new Map()) {
  const paths = createRequire(join(from, "x.js")).resolve.paths(name);
  for (const path of paths) {
    const directory = join(path, name);
    const text = await readFile(join(directory, "package.json"), "utf8").catch(() => undefined);
    if (!text) continue;
    if (found.has(directory)) return found;
    found.set(directory, await filesOf(directory));
    for (const needed of Object.keys(JSON.parse(text).dependencies ?? {})) await closure(needed, directory, found);
    return found;
  }
  throw new Error(`${name} is not installed for ${dirname(from)}`);
}

export async function measureSizes(directory) {
  const bundles = {};
  for (const [name, contents] of Object.entries(entries)) bundles[name] = await bundle(contents, directory);
  const installed = {};
  for (const name of ["auth0-users", "auth0"]) {
    const files = [...(await closure(name, directory)).values()].flat();
    installed[name] = { bytes: files.reduce((sum, size) => sum + size, 0), files: files.length };
  }
  return { bundles, installed };
}
