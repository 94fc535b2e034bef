import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { ManagementClient } from "auth0-users";

import { startTenant } from "../helpers/tenant.mjs";
import { size } from "../helpers/wasm.mjs";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

const CALLS = 10_000;
const connection = "Username-Password-Authentication";
const tenant = await startTenant({ after }, "--users", "200");
const { users } = new ManagementClient({ baseUrl: tenant.baseUrl, token: tenant.token });
const { roles } = await tenant.control("directory");

const byHand = await new ManagementClient({ baseUrl: tenant.baseUrl, token: tenant.token }).users.list({
  per_page: 100,
});
const ids = byHand.data.map(({ user_id }) => user_id);
const any = (list, n) => list[n % list.length];

/** Calls that read, that change something, and that must not be made twice. */
const kinds = [
  {
    kind: "once",
    call: (n, options) =>
      users.create({ connection, email: `p${n}@example.com`, password: "Correct-Horse-7" }, options),
  },
  { kind: "once", call: (n, options) => users.regenerateRecoveryCode(any(ids, n), options) },
  { kind: "once", call: (n, options) => users.roles.assign(any(ids, n), { roles: [any(roles, n).id] }, options) },
  { kind: "change", call: (n, options) => users.update(any(ids, n), { user_metadata: { n } }, options) },
  { kind: "change", call: (n, options) => users.roles.delete(any(ids, n), { roles: [any(roles, n).id] }, options) },
  { kind: "change", call: (n, options) => users.delete(`auth0|nobody${n}`, options) },
  { kind: "read", call: (n, options) => users.get(any(ids, n), {}, options) },
  { kind: "read", call: (n, options) => users.list({ per_page: 5, page: n % 20 }, options) },
  { kind: "read", call: (n, options) => users.listUsersByEmail({ email: `p${n}@example.com` }, options) },
];

function makeCalls(from, to, timeoutInSeconds) {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const options = (n) => ({ timeoutInSeconds, headers: { "x-call": String(n) } });
  return Promise.allSettled(numbers.map((n) => any(kinds, n).call(n, options(n))));
}

async function journal() {
  const entries = [];
  for (let part; part?.length !== 0; entries.push(...part)) {
    part = await tenant.control(`journal?after=${entries.at(-1)?.number ?? 0}&take=5000`);
  }
  return entries;
}

/** What the module and the engine hold when nothing is going on. */
async function held() {
  // What was sent and answered is let go of in several rounds.
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    collectGarbage();
  }
  return { ...size(), heap: process.memoryUsage().heapUsed };
}

/** Makes those calls, and holds each outcome against what the tenant did. Gives how often what came out. */
async function hold(from, to, timeoutInSeconds) {
  await tenant.control("journal", undefined, "DELETE");
  const outcomes = await makeCalls(from, to, timeoutInSeconds);
  const commits = new Map();
  for (const { headers, committed } of await journal()) {
    const n = Number(headers["x-call"]);
    commits.set(n, (commits.get(n) ?? 0) + committed);
  }
  const seen = {};
  for (const [index, { status, reason }] of outcomes.entries()) {
    const n = from + index;
    const { kind } = any(kinds, n);
    // A connection that breaks early may have brought nothing to the tenant.
    const times = commits.get(n) ?? 0;
    const code = status === "fulfilled" ? "done" : reason.code;
    seen[`${kind} ${code}`] = (seen[`${kind} ${code}`] ?? 0) + 1;
    if (kind === "once") assert.ok(times <= 1, `${n} was carried out ${times} times`);
    if (code === "done") assert.ok(times > 0, `${n} is said to be done`);
    else if (kind === "read") assert.notEqual(code, "outcome_unknown");
    else if (code !== "outcome_unknown") assert.equal(times, 0, `${n} is said to have failed: ${code}`);
  }
  return seen;
}

test("10,000 calls on a server that fails in every way: each settles, and tells what happened", async (t) => {
  // Waits between attempts are another test's concern.
  t.mock.method(Math, "random", () => 0);
  const usual = ["server_error", "reset", "truncate", "content_type"];
  // A stall takes the time limit, and a refusal a second: some of them are enough.
  const slow = [...usual, "too_many_requests", "stall"];
  async function half(from) {
    await tenant.control("faults", { rate: 0.15, kinds: usual, seed: 7 + from });
    const most = await hold(from, from + CALLS / 2 - 200, 60);
    await tenant.control("faults", { rate: 0.1, kinds: slow, seed: 7 + from });
    return [most, await hold(from + CALLS / 2 - 200, from + CALLS / 2, 1)];
  }

  const [first, firstSlow] = await half(0);
  const before = await held();
  const [second, secondSlow] = await half(CALLS / 2);
  const later = await held();
  t.diagnostic(JSON.stringify({ first, firstSlow, second, secondSlow, before, later }));

  for (const seen of [first, second]) {
    for (const expected of ["once done", "once outcome_unknown", "change done", "read done", "read bad_response"]) {
      assert.ok(seen[expected] > 0, `${expected}: ${JSON.stringify(seen)}`);
    }
    // What may be repeated is, so that few of those fail for good.
    assert.ok((seen["change outcome_unknown"] ?? 0) < CALLS / 100, JSON.stringify(seen));
  }
  assert.equal(later.bytes, before.bytes);
  assert.equal(later.references, before.references);
  assert.ok(later.heap < before.heap + 4_000_000, `${before.heap} bytes before, ${later.heap} later`);
});
