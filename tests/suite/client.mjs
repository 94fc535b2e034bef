import { ManagementClient } from "auth0-users";

export const baseUrl = "https://tenant.example/api/v2";

/**
 * An answer for {@link recorded}: a status, what goes out as JSON (a string goes out as it is), and headers. An object
 * with a status of an error gets the API's form of one.
 */
export function answer(status, body, headers = {}) {
  return () => {
    if (body === undefined) return new Response(null, { status, headers });
    if (status >= 400 && typeof body === "object") body = { statusCode: status, ...body };
    const isText = typeof body === "string";
    const type = isText ? {} : { "content-type": "application/json; charset=utf-8" };
    return new Response(isText ? body : JSON.stringify(body), { status, headers: { ...type, ...headers } });
  };
}

/** What a tenant without users answers. */
function usual(url, { method }) {
  if (method === "DELETE") return answer(204)();
  if (url.endsWith("/revoke-access")) return answer(202)();
  if (url.includes("/users-by-email")) return answer(200, [])();
  if (method === "GET" && /\/users(\?|$)/.test(url)) return answer(200, { users: [], total: 0 })();
  return answer(method === "POST" ? 201 : 200, { user_id: "auth0|x" })();
}

/** An answer that never comes; it ends when the request is given up. */
export function silence(_url, { signal }) {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

/**
 * A client whose requests go nowhere but into `requests`. Each gets the next of `answers`, the last one again and
 * again; an answer is a function of what fetch is called with. Without answers every call succeeds.
 */
export function recorded(answers = [usual], options = {}) {
  const requests = [];
  async function fetch(url, init) {
    requests.push({ url, ...init });
    return answers[Math.min(requests.length, answers.length) - 1](url, init);
  }
  const client = new ManagementClient({ baseUrl, token: "token", fetch, telemetry: false, ...options });
  return { client, users: client.users, requests };
}

/** What the promise rejects with; it is a failure of the test if it does not. */
export async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error("this should have been rejected", { cause: value });
}

/** The eight operations: how to call each, and what it sends when called like this. */
export const operations = [
  {
    name: "list",
    call: (users, options) => users.list({ q: "a" }, options),
    sends: "GET /users?include_totals=true&page=0&per_page=50&q=a",
    repeats: true,
  },
  {
    name: "create",
    call: (users, options) => users.create({ connection: "c" }, options),
    sends: "POST /users",
    body: '{"connection":"c"}',
    repeats: false,
  },
  {
    name: "listUsersByEmail",
    call: (users, options) => users.listUsersByEmail({ email: "a@b.c" }, options),
    sends: "GET /users-by-email?email=a%40b.c",
    repeats: true,
  },
  {
    name: "get",
    call: (users, options) => users.get("auth0|x", {}, options),
    sends: "GET /users/auth0%7Cx",
    repeats: true,
  },
  {
    name: "update",
    call: (users, options) => users.update("auth0|x", { name: "n" }, options),
    sends: "PATCH /users/auth0%7Cx",
    body: '{"name":"n"}',
    repeats: true,
  },
  {
    name: "delete",
    call: (users, options) => users.delete("auth0|x", options),
    sends: "DELETE /users/auth0%7Cx",
    repeats: true,
  },
  {
    name: "regenerateRecoveryCode",
    call: (users, options) => users.regenerateRecoveryCode("auth0|x", options),
    sends: "POST /users/auth0%7Cx/recovery-code-regeneration",
    repeats: false,
  },
  {
    name: "revokeAccess",
    call: (users, options) => users.revokeAccess("auth0|x", { session_id: "s" }, options),
    sends: "POST /users/auth0%7Cx/revoke-access",
    body: '{"session_id":"s"}',
    repeats: false,
  },
];

/** The line that a request would begin with, below the base URL, as it is but for the order of the parameters. */
export function line({ method, url }) {
  if (!url.startsWith(`${baseUrl}/`)) throw new Error(`${url} is not below the base URL`);
  const [path, query, ...rest] = url.slice(baseUrl.length).split("?");
  if (rest.length > 0) throw new Error(`${url} has two queries`);
  return `${method} ${path}${query === undefined ? "" : `?${query.split("&").sort().join("&")}`}`;
}

/** The fields of a form as a server reads them, each as text. */
export async function formOf({ body, headers }) {
  const type = headers["content-type"];
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  const entries = [...form].map(async ([name, value]) => [
    name,
    typeof value === "string" ? value : await value.text(),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}
