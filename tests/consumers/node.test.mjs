// What bundlers write for servers, and runners of tests: the whole suite, in Node.js.
import assert from "node:assert/strict";
import test from "node:test";

import { expected } from "../runtimes/suite.mjs";
import { makeProject } from "./setup.mjs";

for (const [what, tool, args, file] of [
  ["Vite, server rendering", "vite", ["build", "--ssr", "src/index.js"], "dist/index.mjs"],
  ["webpack", "webpack", ["--mode", "production", "--target", "node"], "dist/main.js"],
  ["esbuild", "esbuild", ["src/index.js", "--bundle", "--platform=node", "--outfile=dist/main.js"], "dist/main.js"],
  [
    "esbuild, an ES module",
    "esbuild",
    ["src/index.js", "--bundle", "--platform=node", "--format=esm", "--outfile=dist/main.mjs"],
    "dist/main.mjs",
  ],
  ["Rollup", "rollup", ["src/index.js", "--plugin", "node-resolve", "--file", "dist/main.mjs"], "dist/main.mjs"],
  ["rolldown", "rolldown", ["src/index.js", "--platform", "node", "--file", "dist/main.mjs"], "dist/main.mjs"],
]) {
  test(what, async () => {
    const project = await makeProject(`${what.toLowerCase().replace(/\W+/g, "-")}-node`, "app", "src/suite.mjs");
    await project.run(tool, args);
    const { stdout } = await project.run("node", [file]);
    assert.deepEqual(JSON.parse(stdout), expected);
  });
}

for (const environment of ["node", "jsdom"]) {
  test(`Vitest, environment ${environment}`, async () => {
    const project = await makeProject(`vitest-${environment}`, "vitest", "suite.mjs");
    const { stdout } = await project.run("vitest", ["run", "--reporter=json", `--environment=${environment}`]);
    const { numPassedTests, numTotalTests } = JSON.parse(stdout);
    assert.deepEqual([numPassedTests, numTotalTests], [1, 1]);
  });
}

for (const [what, spec, count, env] of [
  ["Jest", "commonjs", 2, {}],
  ["Jest with ES modules", "modules", 1, { NODE_OPTIONS: "--experimental-vm-modules" }],
]) {
  test(what, async () => {
    const project = await makeProject(`jest-${spec}`, "jest", "suite.mjs");
    const { stdout } = await project.run("jest", ["--json", `${spec}.spec`], env);
    const { numPassedTests, numTotalTests } = JSON.parse(stdout);
    assert.deepEqual([numPassedTests, numTotalTests], [count, count]);
  });
}
