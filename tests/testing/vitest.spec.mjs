// An example for Vitest; vitest.test.mjs runs it.
import { ManagementClient } from "auth0-users";
import { createTenant } from "auth0-users/testing";
import { beforeEach, expect, test } from "vitest";

import { deactivate } from "./app.mjs";

const tenant = createTenant({ users: [{ email: "ada@example.com", user_id: "auth0|ada" }] });
const client = new ManagementClient({ baseUrl: tenant.url, token: tenant.token, fetch: tenant.fetch });

beforeEach(() => tenant.reset());

test("a deactivated user is blocked and logged out", async () => {
  tenant.attach("auth0|ada", { sessions: 2 });
  await deactivate(client, "ada@example.com");
  expect(await client.users.get("auth0|ada")).toMatchObject({ blocked: true });
  expect((await client.users.sessions.list("auth0|ada")).data).toEqual([]);
});

test("whoever is unknown is reported, and nothing is changed", async () => {
  await expect(deactivate(client, "eve@example.com")).rejects.toThrow("eve@example.com");
  expect(tenant.journal().map(({ method }) => method)).toEqual(["GET"]);
});

test("an answer that is lost is not the end", async () => {
  tenant.failNext({ operation: "users.update", afterCommit: true, reset: true });
  await deactivate(client, "ada@example.com").catch(() => deactivate(client, "ada@example.com"));
  expect(await client.users.get("auth0|ada")).toMatchObject({ blocked: true });
});
