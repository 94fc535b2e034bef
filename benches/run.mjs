// Side by side with the official SDK and with bare fetch: writes RESULTS.md and chart.svg beside itself.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { measureCalls } from "./calls.mjs";
import { startBrowser } from "../tests/helpers/browser.mjs";
import { contenders } from "./contenders.mjs";
import { measureStart, measureTypes } from "./processes.mjs";
import { chart, page } from "./report.mjs";
import { measureSizes } from "./sizes.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const [scratch] = process.argv.slice(2);
const counts = { rounds: 25, scale: 1 };
await mkdir(scratch, { recursive: true });

/** The same calls in a page of the server that answers them, so that no preflight is in the way. */
async function inChromium(domain) {
  const contents = `
    import { contenders } from "./contenders.mjs";
    import { measureCalls } from "./calls.mjs";
    measureCalls(contenders, location.host, ${JSON.stringify(counts)}).then(report);
  `;
  const bundle = { bundle: true, format: "esm", platform: "browser", write: false, logLevel: "error" };
  const { outputFiles } = await build({ stdin: { contents, resolveDir: here }, ...bundle });
  const stops = [];
  const browser = await startBrowser({ after: (stop) => stops.push(stop) });
  try {
    const tab = await browser.newPage();
    let report;
    const reported = new Promise((resolve, reject) => {
      report = resolve;
      tab.on("pageerror", reject);
    });
    await tab.exposeFunction("report", (results) => report(results));
    await tab.goto(`http://${domain}/`);
    await tab.addScriptTag({ type: "module", content: outputFiles[0].text });
    return await reported;
  } finally {
    for (const stop of stops) await stop();
  }
}

async function versions() {
  const of = async (name) => JSON.parse(await readFile(`${here}../node_modules/${name}/package.json`, "utf8")).version;
  const [{ model }] = cpus();
  return `auth0 ${await of("auth0")}, Node.js ${process.versions.node}, TypeScript ${await of("typescript")}, ${cpus().length} × ${model}`;
}

const server = fork(`${here}server.mjs`);
try {
  const [port] = await once(server, "message");
  const domain = `127.0.0.1:${port}`;
  const results = {
    versions: await versions(),
    node: await measureCalls(contenders, domain, counts),
    chromium: await inChromium(domain),
    start: await measureStart(here, 15),
    types: await measureTypes(here, scratch, 7),
    sizes: await measureSizes(here),
  };
  await writeFile(`${here}RESULTS.md`, page(results));
  await writeFile(`${here}chart.svg`, chart(results));
} finally {
  server.disconnect();
}
