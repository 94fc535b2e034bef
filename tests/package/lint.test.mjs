import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { project } from "../helpers/project.mjs";

test("publint finds nothing to improve", async () => {
  const { messages, pkg } = await publint({ pkgDir: join(project, "node_modules/auth0-users"), strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test("the types resolve like the code, wherever TypeScript looks for them", async () => {
  const tarball = (await readdir(project)).find((name) => name.endsWith(".tgz"));
  const files = createPackageFromTarballData(await readFile(join(project, tarball)));
  const { problems } = await checkPackage(files);
  const unexpected = problems.filter(
    ({ kind, entrypoint, resolutionKind }) =>
      // The binary has no types; its importers have the ones of their bundler.
      entrypoint !== "./users.wasm" &&
      // The slim entry is for those who load the module themselves, the proxy for servers, and a second testing entry would
      // be as large as the first; Node.js 20.19 can require all three.
      !(kind === "CJSResolvesToESM" && ["./admin", "./slim", "./proxy", "./testing"].includes(entrypoint)),
  );
  assert.deepEqual(unexpected, []);
});
