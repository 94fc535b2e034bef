// As a program: serves the console in front of the local tenant, prints where and who may sign in, and ends with its
// standard input, so that it cannot outlive whoever started it.
import { createServer } from "node:http";

import { createConsole } from "./console.mjs";

const { AUTH0_USERS_BASE_URL: baseUrl, AUTH0_USERS_TOKEN: token, PORT = "0" } = process.env;
if (!baseUrl || !token) {
  console.error("AUTH0_USERS_BASE_URL and AUTH0_USERS_TOKEN are not set; `cargo xtask demo` sets them");
  process.exit(1);
}

/** What there is to choose from. With a tenant of Auth0 this would be GET /connections, /roles and /resource-servers. */
async function directory() {
  const response = await fetch(new URL("/__tenant/directory", baseUrl), { signal: AbortSignal.timeout(10_000) });
  return response.json();
}

const { app, passwords } = createConsole({
  baseUrl,
  token,
  directory,
  // A line for each change, also for those that were refused.
  onAudit: ({ operation, ...event }) => {
    if (operation && !/\.(list|get)$|^capabilities$|listUsersByEmail/.test(operation)) {
      console.log(`audit ${JSON.stringify({ operation, ...event })}`);
    }
  },
});

const server = createServer(app).listen(Number(PORT), "127.0.0.1", () => {
  console.log(`console http://127.0.0.1:${server.address().port}`);
  for (const [operator, password] of Object.entries(passwords)) console.log(`operator ${operator} ${password}`);
});
process.stdin.resume().on("end", () => {
  server.close();
  server.closeAllConnections();
});
