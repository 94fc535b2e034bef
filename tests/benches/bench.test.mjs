import assert from "node:assert/strict";
import { test } from "node:test";

import { quartiles } from "../../benches/statistics.mjs";

test("quartiles are those of the sorted numbers", () => {
  assert.deepEqual(quartiles([5, 1, 4, 2, 3]), [2, 3, 4]);
  assert.deepEqual(quartiles([10, 2]), [4, 6, 8]);
  assert.deepEqual(quartiles([7]), [7, 7, 7]);
});
