import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { PATIENCE_MS } from "./patience.mjs";

/**
 * Starts a local tenant for a test, or for a file of them; it ends with the test.
 *
 * @param {{ after(stop: () => Promise<void>): void }} context the test's context; for a whole file `{ after }` of
 *   node:test, outside of any hook
 * @param {string[]} options further arguments of the server, such as "--users", "20"
 */
export async function startTenant(context, ...options) {
  const program = process.env.AUTH0_USERS_TENANT;
  if (!program) throw new Error("AUTH0_USERS_TENANT is not set; run the tests with `cargo xtask test`");
  const child = spawn(program, ["--port", "0", "--exit-with-stdin", ...options], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  async function stop() {
    child.stdin.end();
    await ended;
  }
  context.after(stop);

  const told = {};
  const timeout = setTimeout(() => child.kill(), PATIENCE_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("listening on ")) told.baseUrl = line.slice("listening on ".length);
    if (line.startsWith("token ")) told.token = line.slice("token ".length);
    if (told.token) break;
  }
  clearTimeout(timeout);
  if (!told.token) throw new Error("the tenant did not say where it listens");
  const url = new URL(told.baseUrl).origin;

  return {
    ...told,
    stop,
    /** The server itself, without the path of the API. */
    url,
    /**
     * Controls the tenant: `control("fail-next", { status: 503 })`, `control("reset", {})`; without a body it reads, as
     * in `control("journal")`.
     */
    async control(path, body, method = body === undefined ? "GET" : "POST") {
      const response = await fetch(`${url}/__tenant/${path}`, {
        method,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text ? JSON.parse(text) : undefined;
    },
  };
}
