import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { project } from "../helpers/project.mjs";
import { startTenant } from "../helpers/tenant.mjs";

const { resolve } = createRequire(import.meta.url);
const own = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A server for the suite. */
export async function server(context) {
  const { baseUrl: url, token } = await startTenant(context, "--users", "9");
  return { url, token };
}

/**
 * A program that runs the suite twice, with a tenant of its own and with the one given, and prints what came of it.
 * It lies in the project of the installed package.
 *
 * @param {string} name of the file; the end tells how it loads the package
 */
export async function program(name, tenant, specifier = "auth0-users") {
  const directory = join(project, "runtimes");
  await mkdir(directory, { recursive: true });
  await copyFile(own("suite.mjs"), join(directory, "suite.mjs"));
  const load = name.endsWith(".cjs")
    ? (names, from) => `const ${names} = require("${from}");`
    : (names, from) => `import ${names === "auth0" ? "* as auth0" : names} from "${from}";`;
  const file = join(directory, name);
  await writeFile(
    file,
    `${load("auth0", specifier)}
     ${load("{ createTenant }", "auth0-users/testing")}
     ${load("{ suite }", "./suite.mjs")}
     (async () => {
       const own = await suite(auth0, createTenant({ users: 9 }));
       const server = await suite(auth0, ${JSON.stringify(tenant)});
       console.log(JSON.stringify([own, server]));
     })();\n`,
  );
  return file;
}

/** Where Bun is: its package moves the program into itself where npm lets it run what it wants to run. */
export function bun() {
  const moved = resolve("bun/bin/bun.exe");
  const { platform, arch } = process;
  const original = join(resolve("bun/package.json"), `../../@oven/bun-${platform}-${arch}/bin/bun`);
  return existsSync(original) ? original : moved;
}

/** What to start Deno with. Its package finds the program, whatever npm let it do. */
export const deno = resolve("deno/bin.cjs");
