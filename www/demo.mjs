// What `cargo xtask demo` shows: the eight user operations against the local tenant. Every statement that is printed
// is checked first; the program ends with code 1 when one is not true.
import assert from "node:assert/strict";
import { inspect } from "node:util";

import { Management, ManagementClient } from "auth0-users";

const { AUTH0_USERS_BASE_URL: baseUrl, AUTH0_USERS_TOKEN: token } = process.env;
if (!baseUrl || !token) {
  console.error("AUTH0_USERS_BASE_URL and AUTH0_USERS_TOKEN are not set; `cargo xtask demo` sets them");
  process.exit(1);
}

const bold = (text) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);
const heading = (text) => console.log(`\n${bold(text)}`);
const call = (text) => console.log(`  ${text}`);
const say = (text) => console.log(`    ${text}`);
const password = "Correct-Horse-7-Battery";
const show = (value) => inspect(value, { breakLength: Infinity, depth: 9 }).replace(password, "...");

/** Prints each request as it went over the wire, and how it was answered. */
async function tellingFetch(url, init) {
  const response = await fetch(url, init);
  say(`${init.method} ${url.slice(baseUrl.length)} -> ${response.status}`);
  return response;
}

/** The same users, with every call printed before it is made. */
const { users } = new ManagementClient({ baseUrl, token, fetch: tellingFetch });
const telling = new Proxy(users, {
  get: (target, method) =>
    function (...args) {
      call(`users.${method}(${args.map(show).join(", ")})`);
      return target[method](...args);
    },
});

const given = "Ana.Demo@Example.com";
const stored = given.toLowerCase();

async function demo() {
  heading("Create a user");
  const created = await telling.create({
    connection: "Username-Password-Authentication",
    email: given,
    password,
    name: "Ana Demo",
    user_metadata: { profileCode: 1479 },
  });
  const id = created.user_id;
  assert.match(id, /^auth0\|/);
  assert.equal(created.email, stored);
  say(`The user is ${id}; this database keeps the email in lower case: ${created.email}`);

  heading("Read the user");
  const read = await telling.get(id, { fields: ["user_id", "name", "user_metadata"] });
  assert.deepEqual(read, { user_id: id, name: "Ana Demo", user_metadata: { profileCode: 1479 } });
  say(`Three fields were asked for, and came: ${show(read)}`);

  heading("Search");
  const q = 'app_metadata.plan:"business"';
  const found = await telling.list({ q, sort: "email:1", per_page: 3, fields: ["email", "app_metadata"] });
  assert.equal(found.data.length, 3);
  assert.ok(found.data.every((user) => user.app_metadata.plan === "business"));
  say(`${found.response.total} users match. The first three:`);
  for (const { email, app_metadata } of found.data) say(`  ${email ?? "(no email)"}, plan ${app_metadata.plan}`);

  heading("Page through all users");
  const first = await telling.list({ per_page: 100 });
  assert.ok(first.hasNextPage());
  call("page.getNextPage()");
  const second = await first.getNextPage();
  assert.notEqual(second, first);
  assert.notEqual(second.data[0].user_id, first.data[0].user_id);
  say("A new page; the first one is as it was");
  call("for await (const user of page)");
  const seen = new Set(first.data.map((user) => user.user_id));
  for await (const user of second) seen.add(user.user_id);
  assert.equal(seen.size, first.response.total);
  assert.ok(seen.has(id));
  say(`${seen.size} users, none twice, the new one among them`);

  heading("Update metadata: keys are added beside those that are there");
  const added = await telling.update(id, { user_metadata: { addresses: { work_address: "100 Industrial Way" } } });
  assert.deepEqual(added.user_metadata, { profileCode: 1479, addresses: { work_address: "100 Industrial Way" } });
  say(`Now: ${show(added.user_metadata)}`);

  heading("... but only on the first level: `addresses` is replaced whole");
  const replaced = await telling.update(id, {
    user_metadata: { addresses: { home_address: "742 Evergreen Terrace" } },
  });
  assert.deepEqual(replaced.user_metadata, { profileCode: 1479, addresses: { home_address: "742 Evergreen Terrace" } });
  say(`Now: ${show(replaced.user_metadata)}`);

  heading("... and null removes a key");
  const removed = await telling.update(id, { user_metadata: { addresses: null } });
  assert.deepEqual(removed.user_metadata, { profileCode: 1479 });
  say(`Now: ${show(removed.user_metadata)}`);

  heading("Find by email: upper and lower case count");
  const asGiven = await telling.listUsersByEmail({ email: given });
  const asStored = await telling.listUsersByEmail({ email: stored });
  assert.deepEqual(asGiven, []);
  assert.deepEqual(
    asStored.map((user) => user.user_id),
    [id],
  );
  say(`As it was given: none. As it is stored: ${asStored[0].name}`);

  heading("Regenerate the recovery code");
  const { recovery_code: code } = await telling.regenerateRecoveryCode(id);
  assert.match(code, /^[A-Z0-9]{24}$/);
  say(`${code.length} characters, to be shown to the user once and kept nowhere`);

  heading("Revoke access: sessions and refresh tokens");
  assert.equal(await telling.revokeAccess(id), undefined);
  say("Accepted");

  heading("Delete the user, twice");
  assert.equal(await telling.delete(id), undefined);
  assert.equal(await telling.delete(id), undefined);
  say("The second time is a success too: there is no such user any more");

  heading("An error");
  const error = await telling.get(id).catch((error) => error);
  assert.ok(error instanceof Management.NotFoundError);
  assert.deepEqual([error.code, error.statusCode, error.errorCode], ["not_found", 404, "inexistent_user"]);
  say(`${error.name}: ${error.message}`);
  say(`code ${show(error.code)}, statusCode ${error.statusCode}, errorCode ${show(error.errorCode)}`);

  heading("A call that is refused before anything is sent");
  const refused = await telling.delete("..").catch((error) => error);
  assert.ok(refused instanceof TypeError);
  say(`${refused.name}: ${refused.message}`);
}

try {
  await demo();
  console.log(`\n${bold("Everything above is as stated.")}`);
} catch (error) {
  console.error("\nThe demo stopped: something is not as stated.", error);
  process.exitCode = 1;
}
