// What the packages weigh: in a browser, on a disk, and for those who start programs and check types.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

export const directory = dirname(fileURLToPath(import.meta.url));

/** Bytes of a bundle for browsers, compressed. */
export function gzipped(contents) {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: directory },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "error",
  });
  return execFileSync("gzip", ["-9", "--no-name", "--stdout"], { input: outputFiles[0].contents }).length;
}

/** Where a package is that another one depends on, as Node.js looks for it. */
function find(name, from) {
  const place = join(from, "node_modules", name);
  return existsSync(place) ? place : find(name, dirname(from));
}

/** Files and bytes of a package with all that it depends on. */
export function installed(name) {
  const packages = new Set();
  (function add(place) {
    if (packages.has(place)) return;
    packages.add(place);
    const { dependencies = {} } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) add(find(name, place));
  })(find(name, directory));
  const sizes = [...packages].flatMap((place) =>
    readdirSync(place, { recursive: true })
      .filter((file) => !file.split("/").includes("node_modules"))
      .map((file) => statSync(join(place, file)))
      .filter((file) => file.isFile())
      .map((file) => file.size),
  );
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** What each of several programs takes to run to its end, in milliseconds, round by round. */
export function race(programs, rounds) {
  const names = Object.keys(programs);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  // The first round fills the caches of the disk.
  for (let round = -1; round < rounds; round++) {
    for (let place = 0; place < names.length; place++) {
      const name = names[(place + round + names.length) % names.length];
      const start = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, programs[name], { cwd: directory });
      if (status !== 0) throw new Error(`${name}: ${stdout}${stderr}`);
      if (round >= 0) times[name].push(performance.now() - start);
    }
  }
  return times;
}

const evaluate = (text) => ["--input-type=module", "--eval", text];
const options = '{ domain: "tenant.example", token: "a-token" }';
const usersClient =
  'import { UsersClient } from "auth0/users"; new UsersClient({ baseUrl: "https://tenant.example" });';

export const uses = {
  "auth0-users": `import { ManagementClient } from "auth0-users"; new ManagementClient(${options}).users;`,
  auth0: `import { ManagementClient } from "auth0"; new ManagementClient(${options}).users;`,
  "auth0/users": usersClient,
};

/** Starts a program that imports a package and makes a client; "nothing" is Node.js alone. */
export function coldStart(rounds) {
  const programs = Object.entries(uses).map(([name, text]) => [name, evaluate(text)]);
  return race({ nothing: evaluate(""), ...Object.fromEntries(programs) }, rounds);
}

/** Checks the types of a file that gets a user; "nothing" is an empty file. */
export function typeCheck(rounds) {
  const scratch = mkdtempSync(join(directory, "node_modules/types-"));
  try {
    const get = (name) => `import { ManagementClient } from "${name}";
export const user = await new ManagementClient(${options}).users.get("auth0|1");\n`;
    const sources = { nothing: "export {};\n", "auth0-users": get("auth0-users"), auth0: get("auth0") };
    const tsc = fileURLToPath(import.meta.resolve("typescript/lib/tsc.js"));
    const flags = "--noEmit --strict --skipLibCheck --target es2022 --module nodenext".split(" ");
    const programs = Object.entries(sources).map(([name, text]) => {
      const file = join(scratch, `${name}.mts`);
      writeFileSync(file, text);
      return [name, [tsc, ...flags, file]];
    });
    return race(Object.fromEntries(programs), rounds);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
