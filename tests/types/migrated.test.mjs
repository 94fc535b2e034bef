import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { project, run } from "../helpers/project.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const tsc = fileURLToPath(new URL("../../node_modules/typescript-7/bin/tsc", import.meta.url));

test("a program with the types of the official SDK compiles once its import is changed", async () => {
  const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--typeRoots", "none"];
  const compile = [tsc, ...options, "--lib", "es2022,dom,dom.iterable"];
  await run("node", [...compile, "--skipLibCheck", "migrated.mts"], { cwd: here });
  const program = await readFile(join(here, "migrated.mts"), "utf8");
  await writeFile(join(project, "migrated.mts"), program.replace('from "auth0"', 'from "auth0-users"'));
  await run("node", [...compile, "migrated.mts"]);
});
