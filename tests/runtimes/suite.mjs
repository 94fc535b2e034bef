// What has to work wherever JavaScript runs. It uses nothing but what browsers, servers and workers have in common, and
// gives plain data, which its runner compares with `expected`: so nothing in the runtime under test judges itself.

/**
 * Runs all of it.
 *
 * @param {typeof import("auth0-users")} auth0 the package, however it was loaded
 * @param {{ url: string, token: string, fetch?: typeof fetch }} tenant a fresh one. Without `fetch` it is a server, and
 *   the client uses the fetch of the runtime.
 */
export async function suite(auth0, tenant) {
  const makeClient = (options) => {
    const { url: baseUrl, token, fetch } = tenant;
    return new auth0.ManagementClient({ baseUrl, token, ...(fetch && { fetch }), ...options });
  };
  const client = makeClient();
  const results = {};
  for (const [name, run] of Object.entries(parts)) {
    results[name] = await run({ ...auth0, client, makeClient, tenant }).catch((error) => `${error}\n${error.stack}`);
  }
  return results;
}

/** What it gives where everything works. */
export const expected = {
  operations: { updated: { plan: "pro" }, found: [true], page: 2, more: true, code: "string", gone: 404 },
  text: [true, { "ключ 🦀": "Zoë\u2028" }, "Zoë 🦀"],
  pages: [9, 200, "application/json; charset=utf-8"],
  crowd: 60,
  retry: [503, "users.get", 200],
  unknown: ["OutcomeUnknownError", "outcome_unknown", true, "done", "Ana"],
  reset: ["outcome_unknown", "outcome_unknown"],
  timeout: ["ManagementTimeoutError", true],
  abort: ["mine", "mine"],
  refusal: ["TypeError", true, 400, "BadRequestError", "email"],
  file: ["completed", 1],
  end: true,
};

const connection = "Username-Password-Authentication";
const account = { connection, password: "Correct-Horse-7-Battery" };
const caught = (promise) =>
  promise.then(
    (value) => ({ name: "nothing", value }),
    (error) => error,
  );

/** Tells the tenant what to do with a request to come. */
async function failNext({ url, fetch = globalThis.fetch }, fault) {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fault) };
  const response = await fetch(new URL("/__tenant/fail-next", url).href, init);
  if (!response.ok) throw new Error(`the tenant refuses the fault: ${response.status} ${await response.text()}`);
}

const parts = {
  async operations({ client: { users }, Management, isManagementError }) {
    const email = "suite@example.com";
    const { user_id: id } = await users.create({ ...account, email });
    const updated = await users.update(id, { user_metadata: { plan: "pro" } });
    const found = await users.listUsersByEmail({ email });
    const page = await users.list({ per_page: 2 });
    const code = await users.regenerateRecoveryCode(id);
    await users.revokeAccess(id, {});
    await users.delete(id);
    const gone = await caught(users.get(id));
    return {
      updated: updated.user_metadata,
      found: found.map((user) => user.user_id === id),
      page: page.data.length,
      more: page.hasNextPage(),
      code: typeof code.recovery_code,
      gone: gone instanceof Management.NotFoundError && isManagementError(gone) && gone.statusCode,
    };
  },

  async text({ client: { users } }) {
    const user_id = "a/b|?#%2F🦀";
    const user_metadata = { "ключ 🦀": "Zoë\u2028" };
    const given = { ...account, email: "text@example.com", name: "Zoë 🦀" };
    const { user_id: id } = await users.create({ ...given, user_id, user_metadata });
    const user = await users.get(id);
    await users.delete(id);
    return [user.user_id === `auth0|${user_id}`, user.user_metadata, user.name];
  },

  async pages({ client: { users } }) {
    const ids = new Set();
    for await (const { user_id } of await users.list({ per_page: 4, sort: "user_id:1" })) ids.add(user_id);
    const { data, rawResponse } = await users.get([...ids][0]).withRawResponse();
    return [ids.has(data.user_id) && ids.size, rawResponse.status, rawResponse.headers.get("content-type")];
  },

  async crowd({ makeClient }) {
    // A page would begin slowly, since servers may hide their limits from it.
    const { users } = makeClient({ fallbackRequestsPerSecond: 1_000 });
    const { data } = await users.list({ per_page: 3 });
    const calls = Array.from({ length: 60 }, (_, n) => users.get(data[n % data.length].user_id));
    const got = await Promise.all(calls);
    return got.filter(({ user_id }, n) => user_id === data[n % data.length].user_id).length;
  },

  async retry({ makeClient, client: { users }, tenant }) {
    const seen = [];
    const observed = makeClient({
      onRetry: ({ operation }) => seen.push(operation),
      onResponse: ({ status }) => seen.push(status),
    });
    const [{ user_id: id }] = (await users.list({ per_page: 1 })).data;
    await failNext(tenant, { operation: "users.get", status: 503 });
    await observed.users.get(id);
    return seen;
  },

  /** Half an answer. */
  async unknown({ client: { users }, OutcomeUnknownError, tenant }) {
    const { user_id: id } = await users.create({ ...account, email: "unknown@example.com" });
    await failNext(tenant, { operation: "users.update", truncate: true, after_commit: true });
    const error = await caught(users.update(id, { name: "Ana" }, { maxRetries: 0 }));
    const { outcome, data } = await error.verify();
    await users.delete(id);
    return [error.name, error.code, error instanceof OutcomeUnknownError, outcome, data.name];
  },

  /** None, on a connection that was used before. */
  async reset({ client: { users }, tenant }) {
    const { user_id: id } = await users.create({ ...account, email: "reset@example.com" });
    await failNext(tenant, { operation: "users.update", reset: true, after_commit: true });
    const update = await caught(users.update(id, { name: "Ana" }, { maxRetries: 0 }));
    await users.get(id);
    await failNext(tenant, { operation: "users.regenerateRecoveryCode", reset: true, after_commit: true });
    // Which has no body.
    const code = await caught(users.regenerateRecoveryCode(id));
    await users.delete(id);
    return [update.code, code.code];
  },

  // A request that a busy machine ends before the tenant has it leaves its fault behind: nothing else may meet that.

  async timeout({ client: { users }, ManagementTimeoutError, tenant }) {
    await failNext(tenant, { operation: "users.roles.list", stall: true });
    const error = await caught(users.roles.list("auth0|late", {}, { timeoutInSeconds: 0.3, maxRetries: 0 }));
    return [error.name, error instanceof ManagementTimeoutError];
  },

  async abort({ client: { users }, tenant }) {
    const early = await caught(users.list({}, { abortSignal: AbortSignal.abort(new Error("mine")) }));
    await failNext(tenant, { operation: "users.logs.list", stall: true });
    const controller = new AbortController();
    const pending = caught(users.logs.list("auth0|left", {}, { abortSignal: controller.signal }));
    setTimeout(() => controller.abort(new Error("mine")), 200);
    const late = await pending;
    return [early, late].map((error) => (error.message === "mine" ? "mine" : (error.cause?.message ?? String(error))));
  },

  async refusal({ client: { users }, Management }) {
    const early = await caught(users.get(42));
    const late = await caught(users.create({ connection, email: "not an address" }));
    const isIt = late instanceof Management.BadRequestError;
    return [early.name, isIt, late.statusCode, late.name, late.fieldErrors[0].field];
  },

  /** A form with a file. */
  async file({ client: { jobs }, tenant: { url, fetch = globalThis.fetch } }) {
    const directory = await (await fetch(new URL("/__tenant/directory", url).href)).json();
    const users = [{ email: "imported@example.com" }];
    let job = await jobs.usersImports.create({ users, connection_id: directory.connections[0].id });
    for (let polls = 0; job.status !== "completed" && polls < 1_000; polls++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      job = await jobs.get(job.id);
    }
    return [job.status, job.summary?.inserted];
  },

  async end({ makeClient }) {
    const client = makeClient();
    const pending = client.users.list({ per_page: 1 });
    client.free();
    return (await pending).data.length === 1;
  },
};
