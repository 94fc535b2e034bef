// Every operation through the proxy, with a client in front that takes it for Auth0.
import assert from "node:assert/strict";
import test from "node:test";

import * as auth0 from "auth0-users";
import { createProxy } from "auth0-users/proxy";

import { operations as described, methodOf } from "../helpers/api.mjs";
import { startTenant } from "../helpers/tenant.mjs";
import { coveredBy, domain, program, settler } from "../migration/program.mjs";
import { base, origin } from "./setup.mjs";

const operations = described.map(({ name }) => name);
const secrets = ["access_token", "access_token_secret", "id_token", "refresh_token"];
const hasAnswer = (name) => !/delete|revokeAccess|invalidate|clear|assign|permissions.create/i.test(name);
const hasSecrets = (name) => hasAnswer(name) || name === "users.identities.delete";

/** Runs the program on a tenant that is the same for every run; gives its steps, and what the tenant was asked. */
async function run(context, optionsFor) {
  const tenant = await startTenant(context, "--users", "120", "--job-ms", "0");
  const directory = await tenant.control("directory");
  await tenant.control("journal", undefined, "DELETE");
  const send = (url, init) => fetch(url.replace(`https://${domain}`, tenant.url), init);
  const steps = [];
  const settle = settler();
  const options = optionsFor({ domain, token: tenant.token, fetch: send, maxRetries: 0 });
  for await (const [name, result] of program(auth0, options, directory)) steps.push([name, settle(result)]);
  // What the program does not call is called as in its example.
  const client = new auth0.ManagementClient(options);
  const covered = coveredBy(steps);
  for (const { name, example } of described.filter(({ name }) => !covered.includes(name))) {
    const [result] = await Promise.allSettled([methodOf(client, name)(...example.ids, example.request)]);
    steps.push([name, settle(result)]);
  }
  const asked = (await tenant.control("journal")).map(({ method, path, query }) => settle({ method, path, query }));
  return { steps, asked };
}

test("a program gives the same through the proxy as without, and the API is asked the same", async (context) => {
  const direct = await run(context, (options) => options);
  const events = [];
  const proxied = await run(context, (options) => {
    const proxy = createProxy({
      ...options,
      authorize: () => "ana",
      allow: Object.fromEntries(operations.map((name) => [name, hasSecrets(name) ? { secrets } : true])),
      csrf: () => "token of the session",
      onAudit: (event) => events.push(event),
    });
    return {
      baseUrl: base,
      fetch: (url, init) => proxy(new Request(url, init)),
      headers: { origin, "x-csrf-token": "token of the session" },
      maxRetries: 0,
    };
  });
  for (const [place, [name, result]] of direct.steps.entries()) {
    assert.deepEqual(proxied.steps[place], [name, result], name);
  }
  assert.deepEqual(proxied.asked, direct.asked);
  assert.deepEqual([...new Set(events.map(({ operation }) => operation))].sort(), [...operations].sort());
});
