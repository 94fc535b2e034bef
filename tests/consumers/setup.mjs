import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { PATIENCE_MS } from "../helpers/patience.mjs";
import { run } from "../helpers/project.mjs";

/** Where the tools of tests/consumers/package.json are installed, beside the packed package. */
const directory = process.env.AUTH0_USERS_CONSUMERS;
if (!directory) throw new Error("AUTH0_USERS_CONSUMERS is not set; run the tests with `cargo xtask test`");

const own = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The tools write nothing into anybody's home and tell nobody that they run. */
const env = {
  ...process.env,
  HOME: join(directory, "../consumers-home"),
  TMPDIR: join(directory, "../consumers-home/tmp"),
  NEXT_TELEMETRY_DISABLED: "1",
  NO_COLOR: "1",
};
// Node.js warns when both are set, and what it sets for its own tests would change how Vitest and Jest report.
delete env.FORCE_COLOR;
delete env.NODE_TEST_CONTEXT;

/**
 * Makes a project that a newcomer could have: a package.json, what a directory here holds, and the suite in it.
 *
 * @param {string} name of the project
 * @param {string} source the directory here
 * @param {string} suite where in the project the suite goes
 */
export async function makeProject(name, source, suite) {
  const root = join(directory, name);
  await rm(root, { recursive: true, force: true });
  await mkdir(env.TMPDIR, { recursive: true });
  await cp(own(source), root, { recursive: true });
  await cp(own("../runtimes/suite.mjs"), join(root, suite));
  await writeFile(join(root, "package.json"), `{ "name": "${name}", "private": true }\n`);
  return {
    root,
    /** Runs a tool to its end. */
    run: (tool, args, more) => run(tool === "node" ? tool : bin(tool), args, options(root, more)),
    /** Starts a tool that serves pages, and waits until it says where; it ends with the test. */
    async serve(context, tool, args) {
      const child = spawn(bin(tool), args, { ...options(root), stdio: ["pipe", "pipe", "inherit"] });
      const ended = once(child, "exit");
      context.after(async () => {
        child.kill();
        await ended;
      });
      const said = [];
      const timeout = setTimeout(() => child.kill(), PATIENCE_MS);
      for await (const line of createInterface({ input: child.stdout })) {
        said.push(line);
        const [url] = /http:\/\/[\w.]+:\d+/.exec(line) ?? [];
        if (!url) continue;
        clearTimeout(timeout);
        child.stdout.resume();
        return url;
      }
      throw new Error(`${tool} does not say where it serves:\n${said.join("\n")}`);
    },
  };
}

const bin = (tool) => join(directory, "node_modules/.bin", tool);
const options = (cwd, more = {}) => ({ cwd, timeout: 4 * PATIENCE_MS, env: { ...env, ...more } });
