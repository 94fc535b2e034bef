import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { servePage } from "./browser.mjs";
import { PATIENCE_MS } from "./patience.mjs";
import { project } from "./project.mjs";

/** Where the WebDriver of WebKitGTK is, if it is anywhere. */
export const driver = process.env.WEBKIT_DRIVER;

/** Starts WebKitGTK's own browser on a screen that nobody sees, for a test or a whole file; it ends with it. */
export async function startWebKit(context) {
  // Hooks run in the order in which they were made; this ends in the reverse order.
  const ends = [];
  context.after(async () => {
    for (const end of ends.reverse()) await end();
  });
  const screen = start(ends, "Xvfb", ["-displayfd", "1", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [display] = await once(createInterface({ input: screen.stdout }), "line");
  const home = join(project, "../webkit-home");
  await mkdir(home, { recursive: true });
  const port = await freePort();
  const env = { ...process.env, HOME: home, DISPLAY: `:${display}` };
  start(ends, driver, ["--host=127.0.0.1", `--port=${port}`], { env, stdio: "ignore" });

  async function command(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.message}`);
    return value;
  }
  for (let waited = 0; waited < PATIENCE_MS && !(await command("GET", "/status").catch(() => false)); waited += 100) {
    await sleep(100);
  }
  const { sessionId } = await command("POST", "/session", { capabilities: {} });
  const session = `/session/${sessionId}`;
  ends.push(() => command("DELETE", session));
  await command("POST", `${session}/timeouts`, { script: PATIENCE_MS });
  return (method, path, body) => command(method, session + path, body);
}

/** What `runInPage` does, over plain WebDriver: the script is loaded when there is somebody to report to. */
export async function runInWebKit(context, command, script, files) {
  const url = await servePage(context, script, { ...files, "/empty.html": "<!doctype html>" });
  await command("POST", "/url", { url: `${url}/empty.html` });
  return command("POST", "/execute/async", {
    script: `
      const [done] = arguments;
      globalThis.report = done;
      import("/main.js").catch((error) => done(String(error)));`,
    args: [],
  });
}

function start(ends, program, args, options) {
  const child = spawn(program, args, options);
  const ended = once(child, "exit");
  ends.push(async () => {
    child.kill();
    await ended;
  });
  return child;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
