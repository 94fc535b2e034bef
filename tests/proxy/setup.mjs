import { createServer } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";

import { ManagementClient } from "auth0-users";
import { createProxy, toNodeHandler } from "auth0-users/proxy";

import { PATIENCE_MS } from "../helpers/patience.mjs";

export const origin = "https://admin.example";
export const base = `${origin}/admin-api`;

/** The token that the proxy holds, and nobody else may see. */
export const upstreamToken = "upstream-token";

/** A fetch that records what it is asked for, and answers with `{}` or what `reply` gives. */
export function recorder(reply = () => Response.json({})) {
  const requests = [];
  async function record(url, init) {
    const body = init.body instanceof FormData ? Object.fromEntries(init.body) : init.body;
    requests.push({ method: init.method, url, headers: { ...init.headers }, body });
    return reply(url, init);
  }
  return { requests, fetch: record };
}

/** Who may do what, and the session that a cookie stands for. */
export const actors = {
  ana: {
    id: "ana",
    allow: {
      "users.list": { query: ["page", "per_page", "include_totals", "sort"] },
      "users.get": true,
      "users.update": { fields: ["blocked", "user_metadata"] },
      "users.roles.assign": true,
      "users.authenticationMethods.set": { fields: ["type", "name"] },
      "users.sessions.delete": true,
      "users.revokeAccess": true,
      "jobs.usersImports.create": { fields: ["users", "connection_id"] },
    },
  },
  ben: { id: "ben", allow: { "users.list": true } },
  eve: { id: "eve", allow: {} },
};

/** The options of a proxy in front of a recorder, for the actors above. */
export function optionsFor({ fetch }, more = {}) {
  return {
    client: new ManagementClient({
      baseUrl: "https://upstream.example/api/v2",
      token: upstreamToken,
      fetch,
      telemetry: false,
    }),
    authorize: (request) => {
      const session = /(?:^|; )session=(\w+)(?:;|$)/.exec(request.headers.get("cookie") ?? "")?.[1];
      return Object.hasOwn(actors, session ?? "") ? actors[session] : null;
    },
    allow: (actor) => actor.allow,
    csrf: (_request, actor) => `csrf-of-${actor.id}`,
    maxBodyBytes: 2_000,
    ...more,
  };
}

export const signedIn = (actor = "ana") => ({ cookie: `theme=dark; session=${actor}` });

/** What a page of the proxy's own origin sends with a write. */
export const write = (actor = "ana") => ({ ...signedIn(actor), origin, "x-csrf-token": `csrf-of-${actor}` });

/** Serves a proxy by node:http until the test ends; `send` writes a text to it and gives what comes back. */
export async function serve(context, proxy) {
  const server = createServer(toNodeHandler(proxy));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();

  async function send(text) {
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("no answer")));
    socket.write(text, "latin1");
    let answer = "";
    for await (const chunk of socket.setEncoding("latin1")) {
      answer += chunk;
      // The server waits for a body that never comes whole.
      if (/\r\n\r\n.*\}$/s.test(answer)) socket.end();
    }
    const [head, body = ""] = answer.split(/\r\n\r\n(.*)/s);
    return { status: Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]), head, body };
  }
  return { url: `http://127.0.0.1:${port}`, port, send };
}

export { createProxy };
