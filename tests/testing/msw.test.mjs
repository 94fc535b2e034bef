// An example for Mock Service Worker: code that makes its own client, with no option to give it another fetch.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { ManagementClient } from "auth0-users";
import { createTenant } from "auth0-users/testing";
import { http } from "msw";
import { setupServer } from "msw/node";

import { deactivate } from "./app.mjs";

const tenant = createTenant({ users: [{ email: "ada@example.com" }] });
const server = setupServer(http.all(`https://${tenant.domain}/*`, ({ request }) => tenant.fetch(request)));
before(() => server.listen({ onUnhandledRequest: "error" }));
after(() => server.close());

test("a client without a fetch of its own reaches the tenant", async () => {
  const client = new ManagementClient({ domain: tenant.domain, token: tenant.token });
  await deactivate(client, "ada@example.com");
  const [user] = await client.users.listUsersByEmail({ email: "ada@example.com" });
  assert.equal(user.blocked, true);
  assert.equal(tenant.journal().length, 4);
});

test("it gets its token there as well", async () => {
  const credentials = { clientId: "tenant-demo-client", clientSecret: "tenant-demo-secret" };
  const client = new ManagementClient({ domain: tenant.domain, ...credentials });
  assert.equal((await client.users.list()).data.length, 1);
});
