import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { PATIENCE_MS } from "../helpers/patience.mjs";

const bench = (name) => fileURLToPath(new URL(`../../benches/${name}`, import.meta.url));

test("the benchmark measures both packages in every row, and writes nothing in a trial", async () => {
  const before = await Promise.all(["RESULTS.md", "results.svg"].map((name) => stat(bench(name))));
  const { stdout } = await promisify(execFile)(process.execPath, [bench("main.mjs"), "--smoke"], {
    timeout: 4 * PATIENCE_MS,
  });
  const { rows, markdown, chart } = JSON.parse(stdout);
  assert.equal(rows.length, 10);
  for (const { name, own, official, target } of rows) {
    for (const value of [own, official].flat()) assert.ok(Number.isFinite(value), name);
    assert.ok(target > 0, name);
    assert.ok(markdown.includes(`| ${name} `), name);
    if (name !== "Installed files") assert.ok(chart.includes(name), name);
  }
  const after = await Promise.all(["RESULTS.md", "results.svg"].map((name) => stat(bench(name))));
  assert.deepEqual(
    after.map(({ mtimeMs }) => mtimeMs),
    before.map(({ mtimeMs }) => mtimeMs),
  );
});

test("the results are of this form", async () => {
  const results = await readFile(bench("RESULTS.md"), "utf8");
  assert.match(results, /\| Added to a call over fetch +\| -?\d+ µs \(/);
});
