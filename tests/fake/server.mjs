// A second Management API for tests. It shares no code with the local tenant: what it does is written from documents and
// recordings of the live API, and what goes wrong on the way is added by `trouble`.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

/** By which a test finds its calls in the journal: a part of an id, an email or a name. */
export const markOf = (text) => /call-(\d+)/.exec(text)?.[1];

async function textOf(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/**
 * A server that answers with what `act` gives, unless `trouble` has another idea: it is asked once per request, for
 * undefined or a function that does everything itself. Every request is written down in `journal`.
 */
export async function serve({ act, trouble = () => undefined, now = Date.now, headers = () => ({}) }) {
  const journal = [];
  const pending = new Set();
  let underWay = 0;
  const counts = new Map();
  const server = createServer(async (req, res) => {
    const { method, url } = req;
    const entry = { at: performance.now(), method, url, mark: markOf(url), commits: [], trouble: undefined };
    journal.push(entry);
    underWay += 1;
    req.on("error", () => {});
    res.on("error", () => {});
    res.sendDate = false;
    res.on("finish", () => (entry.answeredAt = performance.now()));
    /** Writes an answer; a header may be given as null to be left out, or as an array to come several times. */
    const send = ({ status, body, headers: own = {} }) => {
      const all = { date: new Date(now()).toUTCString(), ...headers(), ...own };
      if (body !== undefined && typeof body !== "string" && !Buffer.isBuffer(body)) {
        all["content-type"] ??= "application/json; charset=utf-8";
        body = JSON.stringify(body);
      }
      if (res.destroyed) return;
      for (const [name, value] of Object.entries(all)) if (value !== null) res.setHeader(name, value);
      entry.status = status;
      res.writeHead(status).end(body);
    };
    const later = (ms, what) => {
      const task = sleep(ms).then(what);
      pending.add(task);
      task.catch(() => {}).finally(() => pending.delete(task));
    };
    const of = () => {
      const key = `${entry.mark ?? url.split("?")[0]} ${method}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return trouble({ ...entry, key, count: counts.get(key) });
    };
    const request = { method, url, headers: req.headers, body: "", entry };
    try {
      // What the url names can be cut off before its body is read.
      let found = entry.mark === undefined ? undefined : of();
      const tools = { req, res, send, later, now, act: async () => act(request) };
      if (found?.isEarly) {
        entry.trouble = found.name;
        return await found.run(tools);
      }
      request.body = await textOf(req);
      if (entry.mark === undefined) {
        entry.mark = markOf(request.body);
        found = of();
      }
      tools.mark = entry.mark;
      entry.trouble = found?.name;
      await (found ? found.run(tools) : send(await act(request)));
    } catch (error) {
      // A request that was given up is no fault of the server.
      if (error.code !== "ECONNRESET") entry.failure = String(error.stack);
      res.destroy();
    } finally {
      underWay -= 1;
    }
  });
  // A connection that is closed while it is used again would be a trouble of its own.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    journal,
    /** Resolves when everything that has arrived was dealt with. */
    async idle() {
      do await sleep(20);
      while (underWay > 0);
    },
    /** Resolves when nothing is left that would happen later. */
    async settled() {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
    async close() {
      await this.settled();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a browser's form sends, by the names of its parts. */
function partsOf({ headers, body }) {
  const boundary = /boundary="?([^";]+)/.exec(headers["content-type"] ?? "")?.[1];
  if (!boundary) return {};
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const end = part.indexOf("\r\n\r\n");
      return [/ name="([^"]*)"/.exec(part.slice(0, end))?.[1], part.slice(end + 4, -2)];
    }),
  );
}

const names = { 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 409: "Conflict", 429: "Too Many Requests" };
/** An error in the API's form (its keys: go-auth0 recordings of 404, ruby recordings of 400). */
export const refusal = (status, message, errorCode) => ({
  status,
  body: { statusCode: status, error: names[status] ?? "Error", message, ...(errorCode && { errorCode }) },
});
const noUser = () => refusal(404, "The user does not exist.", "inexistent_user");
const invalid = (message) => refusal(400, `Payload validation error: '${message}'`, "invalid_body");

const providers = { "Username-Password-Authentication": "auth0", email: "email", sms: "sms" };
const fields = "blocked email email_verified family_name given_name name nickname phone_number picture username".split(
  " ",
);
const withoutEffect = ["password", "verify_email", "client_id", "connection"];
export const roles = ["admin", "editor", "reader"].map((name) => ({ id: `rol_${name.padEnd(16, "0")}`, name }));
export const permissions = ["read:all", "write:all"].map((permission_name) => ({
  permission_name,
  resource_server_identifier: "https://api.example",
}));

/** The API: users and what belongs to them in memory, and `act`, which carries a request out. */
export function createApi({ clockMs = 0, jobMs = 30, perSecond = Infinity, burst = 50 } = {}) {
  const now = () => Date.now() + clockMs;
  const users = new Map();
  const jobs = new Map();
  const tokens = new Set(["token"]);
  const bucket = { tokens: burst, at: Date.now() };
  const time = () => new Date(now()).toISOString();
  const id = (prefix) =>
    `${prefix}${randomBytes(12)
      .toString("hex")
      .slice(0, prefix ? 16 : 24)}`;

  function addUser({ user_id, connection = "Username-Password-Authentication", created_at = time(), ...given }) {
    const [provider, bare] = user_id.split("|");
    const user = { user_id, created_at, updated_at: created_at, email_verified: false, ...given };
    user.identities = [{ connection, provider, user_id: bare, isSocial: false }];
    users.set(user_id, { user, roles: new Set(), permissions: [], sessions: 1, codes: [] });
    return user;
  }

  function createUser(body) {
    const provider = providers[body.connection];
    if (!body.connection) return invalid("Missing required property: connection");
    if (!provider) return refusal(400, "The connection does not exist.", "inexistent_connection");
    const email = body.email?.toLowerCase();
    const user_id = `${provider}|${body.user_id ?? id("")}`;
    const isSame = ({ user }) => user.email === email && user.identities[0].connection === body.connection;
    if (users.has(user_id) || (email && [...users.values()].some(isSame))) {
      return refusal(409, "The user already exists.", "auth0_idp_error");
    }
    const { password, verify_email, user_id: own, ...kept } = body;
    return { status: 201, body: addUser({ ...kept, ...(email && { email, name: email }), user_id }) };
  }

  /** Root keys replace; metadata are merged on their first level, null takes a key away, and `{}` clears. */
  function updateUser({ user }, body) {
    const known = [...fields, ...withoutEffect, "user_metadata", "app_metadata"];
    const unknown = Object.keys(body).find((name) => !known.includes(name));
    if (unknown) return invalid(`Additional properties not allowed: ${unknown}`);
    for (const [name, value] of Object.entries(body)) {
      if (withoutEffect.includes(name)) continue;
      const isMerged = name.endsWith("_metadata") && value && Object.keys(value).length > 0;
      const next = isMerged ? { ...user[name], ...value } : value;
      if (isMerged) for (const key of Object.keys(next)) if (next[key] === null) delete next[key];
      if (next === null) delete user[name];
      else user[name] = next;
    }
    user.updated_at = time();
    return { status: 200, body: user };
  }

  function link(owner, body) {
    const other = users.get(`${body.provider}|${body.user_id}`) ?? users.get(body.user_id);
    if (!other || other === owner) return refusal(400, "The user cannot be linked.", "invalid_body");
    users.delete(other.user.user_id);
    owner.user.identities.push(other.user.identities[0]);
    return { status: 201, body: owner.user.identities };
  }

  function unlink(owner, provider, bare) {
    const { identities } = owner.user;
    const at = identities.findIndex((one) => one.provider === provider && one.user_id === bare);
    if (at === 0) return refusal(400, "Main identity cannot be unlinked.", "invalid_body");
    if (at > 0) {
      const [one] = identities.splice(at, 1);
      addUser({ user_id: `${provider}|${bare}`, connection: one.connection });
    }
    return { status: 200, body: identities };
  }

  function list(items, query, name) {
    const page = Number(query.get("page") ?? 0);
    const limit = Number(query.get("per_page") ?? 50);
    const shown = items.slice(page * limit, (page + 1) * limit);
    if (query.get("include_totals") !== "true") return { status: 200, body: shown };
    const total = name === "users" ? Math.min(items.length, 1_000) : items.length;
    return { status: 200, body: { start: page * limit, limit, length: shown.length, [name]: shown, total } };
  }

  function search(query) {
    const start = Number(query.get("page") ?? 0) * Number(query.get("per_page") ?? 50);
    // The sentence of the live API (auth0.net #979).
    if (start >= 1_000) return refusal(400, "You can only page through the first 1000 records.", "invalid_paging");
    const all = [...users.values()].map(({ user }) => user);
    const [, field, value] = /^(\w+):"(.*)"$/.exec(query.get("q") ?? "") ?? [];
    return list(field ? all.filter((user) => user[field] === value) : all, query, "users");
  }

  const isRunning = (job) => Date.now() < job.readyAt;
  function shownJob({ readyAt, errors, file, summary, ...job }, origin) {
    if (Date.now() < readyAt) return { ...job, status: "pending" };
    return {
      ...job,
      status: "completed",
      ...(summary && { summary }),
      ...(file && { location: `${origin}/files/${job.id}?at=${Date.now()}` }),
    };
  }

  function importUsers(request, origin) {
    const parts = partsOf(request);
    const running = [...jobs.values()].filter((job) => job.type === "users_import" && isRunning(job));
    // No rate limit, though it has its status.
    if (running.length >= 2) return refusal(429, "There are 2 active import users jobs, please wait");
    let rows;
    try {
      rows = JSON.parse(parts.users);
    } catch {
      return invalid("users is not JSON");
    }
    request.entry.rows = rows.map(({ name }) => name);
    const errors = [];
    for (const row of rows) {
      const isThere = [...users.values()].some(({ user }) => user.email === row.email);
      const reason = !row.email ? "ANY_OF_MISSING" : isThere ? "DUPLICATED_USER" : undefined;
      if (reason) errors.push({ user: row, errors: [{ code: reason, message: "The row was refused" }] });
      else addUser({ ...row, user_id: `auth0|${row.user_id ?? id("")}` });
    }
    const counts = { failed: errors.length, updated: 0, inserted: rows.length - errors.length };
    const summary = { ...counts, total: rows.length };
    const job = { id: id("job_"), type: "users_import", connection_id: parts.connection_id, created_at: time() };
    jobs.set(job.id, { ...job, readyAt: Date.now() + jobMs, errors, summary });
    return { status: 202, body: shownJob(jobs.get(job.id), origin) };
  }

  function exportUsers(origin) {
    const file = [...users.values()].map(({ user }) => `${JSON.stringify(user)}\n`).join("");
    const job = { id: id("job_"), type: "users_export", format: "json", created_at: time() };
    jobs.set(job.id, { ...job, readyAt: Date.now() + jobMs, file: gzipSync(file) });
    return { status: 200, body: shownJob(jobs.get(job.id), origin) };
  }

  const same = (one) => (other) => one.permission_name === other.permission_name;
  /** What belongs to a user: each is given the user, the body, the query, and what follows in the path. */
  const ofUser = {
    "GET ": ({ user }) => ({ status: 200, body: user }),
    "PATCH ": updateUser,
    "GET roles": (owner, _, query) =>
      list(
        roles.filter((role) => owner.roles.has(role.id)),
        query,
        "roles",
      ),
    "POST roles"(owner, body) {
      if (!body.roles?.every((role) => roles.some((known) => known.id === role))) return refusal(404, "No such role");
      for (const role of body.roles) owner.roles.add(role);
      return { status: 204 };
    },
    "DELETE roles"(owner, body) {
      for (const role of body.roles) owner.roles.delete(role);
      return { status: 204 };
    },
    "GET permissions": (owner, _, query) => list(owner.permissions, query, "permissions"),
    "POST permissions"(owner, body) {
      const fits = body.permissions.every((one) => permissions.some(same(one)));
      if (!fits) return refusal(404, "This permission does not exist", "inexistent_resource_server_permission");
      owner.permissions.push(...body.permissions.filter((one) => !owner.permissions.some(same(one))));
      return { status: 201, body: {} };
    },
    "DELETE permissions"(owner, body) {
      owner.permissions = owner.permissions.filter((one) => !body.permissions.some(same(one)));
      return { status: 204 };
    },
    "POST identities": link,
    "DELETE identities": (owner, _, __, provider, bare) => unlink(owner, provider, bare),
    "POST recovery-code-regeneration"(owner) {
      owner.codes.push(randomBytes(12).toString("hex").toUpperCase());
      return { status: 200, body: { recovery_code: owner.codes.at(-1) } };
    },
    "POST revoke-access"(owner) {
      owner.sessions = 0;
      return { status: 202 };
    },
    "GET sessions": (owner) => ({ status: 200, body: { sessions: owner.sessions ? [{ id: "sess_1" }] : [] } }),
    "DELETE sessions"(owner) {
      owner.sessions = 0;
      return { status: 202, body: {} };
    },
  };

  function route(request, origin) {
    const url = new URL(request.url, origin);
    const { searchParams: query } = url;
    const [top, first, second, ...rest] = url.pathname.replace("/api/v2/", "").split("/").map(decodeURIComponent);
    const isForm = request.headers["content-type"]?.startsWith("multipart/");
    const body = request.body && !isForm ? JSON.parse(request.body) : {};
    const what = `${request.method} ${[top, first].filter(Boolean).join("/")}`;
    if (what === "GET users") return search(query);
    if (what === "POST users") return createUser(body);
    if (what === "GET users-by-email") {
      const found = [...users.values()].map(({ user }) => user);
      return { status: 200, body: found.filter(({ email }) => email === query.get("email")) };
    }
    if (what === "POST jobs/users-imports") return importUsers(request, origin);
    if (what === "POST jobs/users-exports") return exportUsers(origin);
    if (what === "POST tickets/password-change")
      return { status: 201, body: { ticket: `https://x.example/${id("")}` } };
    if (top === "jobs" && request.method === "GET") {
      const job = jobs.get(first);
      if (!job) return refusal(404, "The job does not exist.", "inexistent_job");
      if (second !== "errors") return { status: 200, body: shownJob(job, origin) };
      return job.errors?.length > 0 ? { status: 200, body: job.errors } : { status: 204 };
    }
    if (top !== "users") return refusal(404, "Not Found");
    // The second deletion of a user is answered like the first (go-auth0 recordings).
    if (request.method === "DELETE" && second === undefined) {
      users.delete(first);
      return { status: 204 };
    }
    const handle = ofUser[`${request.method} ${second ?? ""}`];
    if (!handle) return refusal(404, "Not Found");
    const owner = users.get(first);
    return owner ? handle(owner, body, query, ...rest) : noUser();
  }

  /** Takes a token out of the bucket, and gives the headers that say what is left of it. */
  function take() {
    const at = Date.now();
    if (perSecond === Infinity) bucket.tokens = burst;
    else bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1_000) * perSecond);
    bucket.at = at;
    const isLeft = bucket.tokens >= 1;
    if (isLeft) bucket.tokens -= 1;
    const headers = { "x-ratelimit-limit": `${burst}`, "x-ratelimit-remaining": `${Math.floor(bucket.tokens)}` };
    // A bucket without an end has no time at which it is full again.
    if (perSecond === Infinity) return { isLeft, headers };
    const fullAt = now() + ((burst - bucket.tokens) / perSecond) * 1_000;
    return { isLeft, headers: { ...headers, "x-ratelimit-reset": `${Math.ceil(fullAt / 1_000)}` } };
  }

  /** Carries a request out, and writes down what it did. */
  function act(request, origin) {
    const { entry, method, url } = request;
    if (url.startsWith("/files/")) return { status: 200, body: jobs.get(/job_\w+/.exec(url)[0]).file };
    if (url === "/oauth/token") {
      const token = id("");
      tokens.add(token);
      return { status: 200, body: { access_token: token, token_type: "Bearer", expires_in: 86_400 } };
    }
    if (!url.startsWith("/api/v2/")) return { status: 404, body: "<h1>stray</h1>" };
    const { isLeft, headers } = take();
    // Seen in auth0-reset-tenant #31.
    if (!isLeft) return { ...refusal(429, "Global limit has been reached", "too_many_requests"), headers };
    if (!tokens.has(request.headers.authorization?.slice(7))) return { ...refusal(401, "Invalid token"), headers };
    const answer = route(request, origin);
    if (method !== "GET" && answer.status < 400) entry.commits.push(performance.now());
    return { ...answer, headers };
  }

  return { users, jobs, now, act, addUser };
}

/** Starts the API on a port of this machine. */
export async function startFake({ trouble, ...options } = {}) {
  const api = createApi(options);
  const server = await serve({
    act: (request) => api.act(request, server.origin),
    trouble,
    now: api.now,
    headers: () => ({ "x-auth0-requestid": randomBytes(8).toString("hex") }),
  });
  return Object.assign(server, api, { baseUrl: `${server.origin}/api/v2` });
}
