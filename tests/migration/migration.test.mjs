import assert from "node:assert/strict";
import { test } from "node:test";

import * as official from "auth0";
import * as ours from "auth0-users";

import { methodOf, operations } from "../helpers/api.mjs";
import { startTenant } from "../helpers/tenant.mjs";
import { coveredBy, domain, program, settler } from "./program.mjs";

/** Runs the program on a tenant of its own, which is the same for every run. */
async function run(context, library) {
  const tenant = await startTenant(context, "--users", "120", "--job-ms", "0");
  const directory = await tenant.control("directory");
  const fetchFromTenant = (url, init) => fetch(url.replace(`https://${domain}`, tenant.url), init);
  const options = { domain, token: tenant.token, fetch: fetchFromTenant, maxRetries: 0 };
  const steps = [];
  const settle = settler();
  for await (const [name, result] of program(library, options, directory)) steps.push([name, settle(result)]);
  return steps;
}

/** The operations that the official package has a method for. */
function* officialOperations() {
  const client = new official.ManagementClient({ domain, token: "token" });
  for (const { name } of operations) {
    try {
      methodOf(client, name);
      yield name;
    } catch {}
  }
}

test("a program for the official package gives the same with ours, step by step", async (context) => {
  const [theirs, mine] = [await run(context, official), await run(context, ours)];
  assert.deepEqual(coveredBy(theirs), [...officialOperations()].sort());
  for (const [place, [name, result]] of theirs.entries()) assert.deepEqual(mine[place], [name, result], name);
  assert.equal(mine.length, theirs.length);
});
