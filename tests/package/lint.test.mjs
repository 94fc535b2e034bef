import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { project, run } from "../helpers/project.mjs";

const bin = fileURLToPath(new URL("../../node_modules/.bin/", import.meta.url));

test("publint finds nothing to improve", async () => {
  const { messages, pkg } = await publint({ pkgDir: join(project, "node_modules/auth0-users"), strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test("the types resolve like the code, wherever TypeScript looks for them", async () => {
  const tarball = (await readdir(project)).find((name) => name.endsWith(".tgz"));
  const report = await run(join(bin, "attw"), [join(project, tarball), "--format", "json", "--no-emoji"]).catch(
    // It also fails for what is accepted below.
    (error) => error,
  );
  const { analysis } = JSON.parse(report.stdout);
  const unexpected = Object.values(analysis.problems).filter(
    ({ kind, entrypoint, resolutionKind }) =>
      // The binary has no types; its importers have the ones of their bundler.
      entrypoint !== "./users.wasm" &&
      // Resolution without "exports" finds the main entry and cannot find subpaths.
      !(kind === "NoResolution" && resolutionKind === "node10" && entrypoint === "./slim") &&
      // The slim entry is for those who load the module themselves; Node.js 20.19 can require it.
      !(kind === "CJSResolvesToESM" && entrypoint === "./slim"),
  );
  assert.deepEqual(unexpected, []);
});
