// What the benchmarks make of figures; the figures themselves are no test.
import assert from "node:assert/strict";
import test from "node:test";

import { chart, page } from "../benches/report.mjs";

const series = { "bare fetch": [0.1, 0.2, 0.4], "auth0-users": [0.15, 0.24, 0.44], auth0: [0.3, 0.4, 0.6] };
const results = {
  versions: "versions",
  node: { "one after the other": series },
  chromium: { "one after the other": series },
  start: { "bare node": [40, 50, 60], "auth0-users": [52, 61, 75], auth0: [250, 260, 270] },
  types: { "an empty file": [900, 1_000], "auth0-users": [950, 1_100], auth0: [1_200, 1_300] },
  sizes: {
    bundles: { "auth0-users": 31_000, auth0: 55_900 },
    installed: { "auth0-users": { bytes: 900_000, files: 25 }, auth0: { bytes: 17_400_000, files: 4_215 } },
  },
};

test("a ratio is taken within a round, and told with its spread", () => {
  const text = page(results);
  // Rounds of 1.5, 1.2 and 1.1 times the bare call; 50, 40 and 40 µs more.
  assert.match(
    text,
    /\| one after the other \| 1\.20 \(1\.20 to 1\.50\) \| 40 µs \(40 to 50\) \| 2\.00 \(2\.00 to 3\.00\) \|/,
  );
  assert.match(text, /\| auth0 \| 210 ms \(210 to 210\) \|/);
  assert.match(text, /\| auth0-users \| 31\.0 kB \|/);
  assert.match(text, /\| auth0 \| 17400\.0 kB \| 4215 \|/);
});

test("the longest bar of a group is the larger figure", () => {
  const lengths = [...chart(results).matchAll(/<rect [^>]*width="([\d.]+)"[^>]*class="(\w+)"/g)];
  assert.equal(lengths.length, 8);
  for (let group = 0; group < 4; group += 1) {
    const [[, ours, first], [, theirs, second]] = lengths.slice(group * 2);
    assert.deepEqual([first, second], ["ours", "theirs"]);
    assert.equal(theirs, "360.0");
    assert.ok(Number(ours) < 360);
  }
  assert.match(chart(results), />40 µs auth0-users</);
});
