import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { run } from "../helpers/project.mjs";

test("the example for Vitest passes", async () => {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const vitest = join(here, "../../node_modules/vitest/vitest.mjs");
  const { stdout } = await run("node", [vitest, "run", "--reporter=json", "vitest.spec.mjs"], { cwd: here });
  const { numPassedTests, numTotalTests } = JSON.parse(stdout);
  assert.deepEqual([numPassedTests, numTotalTests], [3, 3]);
});
