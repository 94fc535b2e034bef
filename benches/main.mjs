// `cargo xtask bench`: this package beside the official SDK and bare fetch. Writes RESULTS.md and results.svg; with
// --smoke it measures one tiny round and prints what it would have written.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";
import typescript from "typescript";

import { startBrowser } from "../tests/helpers/browser.mjs";
import { measure } from "./calls.mjs";
import { chart, markdown } from "./report.mjs";
import { compare, difference, ratio } from "./statistics.mjs";
import { coldStart, directory, gzipped, installed, typeCheck } from "./weight.mjs";

const isSmoke = process.argv.includes("--smoke");
const rounds = (many) => (isSmoke ? 1 : many);
const calls = (many) => (isSmoke ? 3 : many);

const bundle = join(directory, "node_modules/page.js");
await build({
  stdin: { contents: 'import { measure } from "./calls.mjs"; globalThis.measure = measure;', resolveDir: directory },
  bundle: true,
  format: "esm",
  platform: "browser",
  outfile: bundle,
  logLevel: "error",
});
const server = spawn(process.execPath, [join(directory, "server.mjs"), bundle], { stdio: ["pipe", "pipe", "inherit"] });
const [line] = await once(server.stdout.setEncoding("utf8"), "data");
const url = line.trim();

async function inPage(options) {
  const stops = [];
  const browser = await startBrowser({ after: (stop) => stops.push(stop) });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.addScriptTag({ type: "module", url: "/page.js" });
    await page.waitForFunction(() => globalThis.measure !== undefined);
    return {
      times: await page.evaluate(([url, options]) => measure(url, options), [url, options]),
      version: browser.version(),
    };
  } finally {
    for (const stop of stops) await stop();
  }
}

/** Both contenders, each beside another one. */
const beside = (times, other, how) =>
  Object.fromEntries(
    [
      ["own", "auth0-users"],
      ["official", "auth0"],
    ].map(([key, name]) => [key, compare(times[name], times[other], how)]),
  );
const microseconds = (one, other) => difference(one, other) * 1_000;
const seconds = (one, other) => difference(one, other) / 1_000;

const one = await measure(url, { rounds: rounds(25), calls: calls(600) });
const many = await measure(url, { rounds: rounds(25), calls: calls(1_200), atOnce: 32 });
const list = await measure(url, { rounds: rounds(25), calls: calls(120), kind: "list" });
const page = await inPage({ rounds: rounds(15), calls: calls(150) });
server.stdin.end();
rmSync(bundle);
const cold = coldStart(rounds(15));
const types = typeCheck(rounds(7));
const sizes = [installed("auth0-users"), installed("auth0")];
const kilobytes = (bytes) => bytes / 1_000;

const of = (unit, digits, target) => ({ unit, digits, target });
const rows = [
  { name: "Added to a call over fetch", ...of(" µs", 0, 30), ...beside(one, "fetch", microseconds) },
  { name: "One by one, to fetch", ...of("", 2, 1.1), ...beside(one, "fetch", ratio) },
  { name: "32 at once, to fetch", ...of("", 2, 1.2), ...beside(many, "fetch", ratio) },
  { name: "List of 100 users, to fetch", ...of("", 2, 1.04), ...beside(list, "fetch", ratio) },
  { name: "In Chromium, to fetch", ...of("", 2, 1.1), ...beside(page.times, "fetch", ratio) },
  {
    name: "Cold start over Node.js",
    ...of(" ms", 0, 15),
    ...beside(cold, "nothing", difference),
    alone: compare(cold["auth0/users"], cold.nothing, difference),
  },
  {
    name: "Browser entry",
    ...of(" kB", 1, 20),
    own: kilobytes(gzipped('export * from "auth0-users";')),
    official: kilobytes(gzipped('export { ManagementClient } from "auth0";')),
  },
  { name: "Installed", ...of(" kB", 0, 400), own: kilobytes(sizes[0].bytes), official: kilobytes(sizes[1].bytes) },
  { name: "Installed files", ...of("", 0, 30), own: sizes[0].files, official: sizes[1].files },
  { name: "tsc over an empty file", ...of(" s", 2, 0.1), ...beside(types, "nothing", seconds) },
];

if (isSmoke) {
  console.log(JSON.stringify({ rows, markdown: markdown(rows, "smoke"), chart: chart(rows) }));
} else {
  const [{ model }] = cpus();
  const machine =
    `${model.trim()}, ${cpus().length} processors, ${process.platform}, Node.js ${process.versions.node}, ` +
    `Chromium ${page.version}, TypeScript ${typescript.version}`;
  writeFileSync(join(directory, "RESULTS.md"), markdown(rows, machine));
  writeFileSync(join(directory, "results.svg"), chart(rows));
  for (const row of rows)
    console.log(
      row.name.padEnd(30),
      [row.own, row.official]
        .map((value) =>
          [value]
            .flat()
            .map((one) => one.toFixed(row.digits))
            .join(" "),
        )
        .join(" | "),
    );
}
