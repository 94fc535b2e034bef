// Sixty updates at once on the limit of a small plan: what this package makes of it, and what the official one does.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ManagementClient as Official } from "auth0";
import { ManagementClient } from "auth0-users";

import { startTenant } from "../helpers/tenant.mjs";

const BURST = 10;
const PER_SECOND = 2;
const CALLS = 60;

/** The tenant with a full bucket, and what came of updating many of its users at once. */
async function updateAtOnce(t, connect) {
  const tenant = await startTenant(t, "--users", "100");
  const { users } = connect(tenant);
  const { data } = await users.list({ per_page: CALLS, fields: "user_id" });
  await tenant.control("rate", { burst: BURST, per_second: PER_SECOND });
  await tenant.control("journal", undefined, "DELETE");
  const updates = data.map(({ user_id }, n) => users.update(user_id, { user_metadata: { n } }));
  const outcomes = await Promise.allSettled(updates);
  const journal = await tenant.control("journal");
  const of = (status) => journal.filter((entry) => entry.status === status);
  return {
    succeeded: outcomes.filter(({ status }) => status === "fulfilled").length,
    carriedOut: of(200).length,
    refused: of(429).length,
    // By the tenant's clock.
    seconds: (of(200).at(-1).at_ms - journal[0].at_ms) / 1_000,
  };
}

test("sixty updates at once all succeed, hardly one is refused, and it takes little more than it must", async () => {
  const result = await updateAtOnce({ after }, ({ baseUrl, token }) => new ManagementClient({ baseUrl, token }));
  assert.equal(result.succeeded, CALLS);
  assert.equal(result.carriedOut, CALLS);
  assert.ok(result.refused <= 2, JSON.stringify(result));
  const ideal = (CALLS - BURST) / PER_SECOND;
  assert.ok(result.seconds <= ideal * 1.15, JSON.stringify(result));
});

test("of the same sixty updates most fail with the official package, and it sends more requests", async () => {
  const result = await updateAtOnce({ after }, ({ baseUrl, token }) => {
    const fetch = (url, init) => globalThis.fetch(String(url).replace("https://tenant.example/api/v2", baseUrl), init);
    return new Official({ domain: "tenant.example", token, fetch });
  });
  assert.ok(result.succeeded < CALLS / 2, JSON.stringify(result));
  assert.ok(result.refused > CALLS, JSON.stringify(result));
});
