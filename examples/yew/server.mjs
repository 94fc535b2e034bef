// The server of the example: the page, and the proxy in front of the tenant, which holds the token.
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { createProxy, toNodeHandler } from "auth0-users/proxy";
import express from "express";

/**
 * Serves the page on a free port of this machine.
 *
 * @param {{ site: string, baseUrl: string, token: string, authorize: Function, allow?: object | Function }} options the
 *   directory of the page, the API and its token, who is there, and what they may do
 */
export async function serve({ site, baseUrl, token, authorize, allow = { "users.list": true, "users.get": true } }) {
  // The page changes nothing; whoever allows changes needs `csrf` too.
  const proxy = createProxy({ baseUrl, token, authorize, allow, csrf: false });
  const app = express();
  app.use("/admin-api", toNodeHandler(proxy));
  app.use(express.static(site));

  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

// As a program it ends with its standard input, so that it cannot outlive whoever started it.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { AUTH0_USERS_EXAMPLE: site, AUTH0_USERS_BASE_URL: baseUrl, AUTH0_USERS_TOKEN: token } = process.env;
  // In earnest this asks your sessions. Here whoever reaches the server is let in, to a tenant of made-up users.
  const server = await serve({ site, baseUrl, token, authorize: () => "you" });
  console.log(server.url);
  process.stdin.resume().on("end", () => server.close());
}
