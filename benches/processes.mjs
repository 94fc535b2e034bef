// What a program pays before its first call, and what its author pays for types: whole processes, in rounds.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const make = 'new ManagementClient({ domain: "tenant.eu.auth0.com", token: "t" });';

const programs = {
  "bare node": "",
  "auth0-users": `import { ManagementClient } from "auth0-users"; ${make}`,
  auth0: `import { ManagementClient } from "auth0"; ${make}`,
  "auth0/users": 'import "auth0/users";',
};

const read = '.users.get("auth0|1").then((user) => user.name);\n';
const sources = {
  "an empty file": "export {};\n",
  "auth0-users": programs["auth0-users"].replace(/;$/, read),
  auth0: programs.auth0.replace(/;$/, read),
};

/** Milliseconds of each round, by name. */
async function inRounds(commands, rounds, cwd) {
  const results = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const start = performance.now();
      await run("node", args, { cwd });
      if (round >= 0) results[name].push(performance.now() - start);
    }
  }
  return results;
}

export function measureStart(directory, rounds) {
  const commands = Object.entries(programs).map(([name, text]) => [name, ["--input-type=module", "--eval", text]]);
  return inRounds(Object.fromEntries(commands), rounds, directory);
}

export async function measureTypes(directory, scratch, rounds) {
  const tsc = join(directory, "../node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"];
  const commands = {};
  for (const [name, text] of Object.entries(sources)) {
    const file = join(scratch, `${name.replaceAll(" ", "-")}.mts`);
    await writeFile(file, text);
    commands[name] = [tsc, ...flags, "--typeRoots", "none", file];
  }
  return inRounds(commands, rounds, directory);
}
