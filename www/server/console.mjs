// The server of the console: the page, sessions, and the proxy that holds the token.
import { fileURLToPath } from "node:url";

import { createProxy, toNodeHandler } from "auth0-users/proxy";
import express from "express";

import { Operators, SESSION_SECONDS } from "./operators.mjs";

const BUILT = fileURLToPath(new URL("../dist", import.meta.url));

const HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * The console as a handler for node:http, and the operators with their passwords.
 *
 * @param {{ baseUrl: string, token: string, directory: () => Promise<object>, onAudit?: (event: object) => unknown }}
 *   options the tenant, what there is to choose from (connections, roles, APIs), and who is told what was done
 */
export function createConsole({ baseUrl, token, directory, onAudit }) {
  const operators = new Operators();
  const sessionOf = (request) => operators.session(request.headers.cookie);
  const isOwnPage = ({ headers }) => headers.origin === `http://${headers.host}`;

  const proxy = createProxy({
    baseUrl,
    token,
    basePath: "/admin-api",
    authorize: (request) => operators.session(request.headers.get("cookie")),
    allow: (session) => operators.rights(session),
    csrf: (_, session) => session.csrf,
    onAudit,
  });

  const app = express();
  app.disable("x-powered-by");
  app.use("/admin-api", toNodeHandler(proxy));
  app.use((request, response, next) => {
    response.set(HEADERS);
    next();
  });

  app.post("/console/session", express.json({ limit: "1kb" }), (request, response) => {
    const { operator, password } = request.body ?? {};
    if (!isOwnPage(request)) return response.status(403).end();
    const session = operators.signIn(operator, password);
    if (!session) return response.status(401).end();
    response.cookie("session", session.key, {
      httpOnly: true,
      sameSite: "strict",
      path: "/",
      maxAge: SESSION_SECONDS * 1000,
    });
    response.status(204).end();
  });
  app.delete("/console/session", (request, response) => {
    if (!isOwnPage(request)) return response.status(403).end();
    const session = sessionOf(request);
    if (session) operators.signOut(session);
    response.clearCookie("session", { httpOnly: true, sameSite: "strict", path: "/" }).status(204).end();
  });
  app.get("/console/session", async (request, response) => {
    const session = sessionOf(request);
    response.set("cache-control", "no-store");
    response.json(session ? { operator: session.id, directory: await directory() } : null);
  });

  app.use("/assets", express.static(`${BUILT}/assets`, { immutable: true, maxAge: "1y", fallthrough: false }));
  app.use(express.static(BUILT, { index: false }));
  // Addresses of views are the page's own business.
  app.get(["/", "/users/:id"], (_, response) => response.sendFile("index.html", { root: BUILT }));
  // Express itself would answer with the stack.
  app.use((error, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) console.error(error);
    response.status(status).end();
  });

  return { app, passwords: operators.passwords };
}
