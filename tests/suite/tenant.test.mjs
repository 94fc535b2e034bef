// The rules of the API as callers of the client meet them, against the local tenant.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { Management, ManagementClient } from "auth0-users";

import { startTenant } from "../helpers/tenant.mjs";
import { rejection } from "./client.mjs";

const tenant = await startTenant({ after }, "--users", "200");
const { baseUrl, token } = tenant;
const { users } = new ManagementClient({ baseUrl, token });

const database = "Username-Password-Authentication";
const password = "Correct-Horse-7-Battery";
let count = 0;

/** A user of the database, or of another connection, whose email nobody else has. */
function newUser(given = {}) {
  return users.create({ connection: database, email: `user${++count}@example.com`, password, ...given });
}

async function first(q) {
  const { data } = await users.list({ q, per_page: 1 });
  assert.equal(data.length, 1, q);
  return data[0];
}

async function refused(promise, message, status = 400) {
  const error = await rejection(promise);
  assert.equal(error.statusCode, status, error.stack);
  assert.match(error.body.message, message);
  return error;
}

test("create gives the whole user, with what the server adds", async () => {
  const user = await newUser({ email: "Ana.Lind@Example.com", name: "Ana Lind", blocked: false });
  assert.match(user.user_id, /^auth0\|[0-9a-f]{24}$/);
  assert.equal(user.email, "ana.lind@example.com");
  assert.equal(user.email_verified, false);
  assert.equal(user.blocked, false);
  assert.equal(user.created_at, user.updated_at);
  const [bare] = user.user_id.split("|").slice(1);
  assert.deepEqual(user.identities, [{ connection: database, provider: "auth0", user_id: bare, isSocial: false }]);
  assert.deepEqual(await users.get(user.user_id), user);
});

test("create with an email or an id that exists is a conflict", async () => {
  const { email, user_id } = await newUser();
  const id = user_id.slice("auth0|".length);
  for (const given of [{ email }, { email: email.toUpperCase() }, { user_id: id }]) {
    const error = await rejection(newUser(given));
    assert.ok(error instanceof Management.ConflictError);
    assert.equal(error.code, "conflict");
    assert.equal(error.errorCode, "auth0_idp_error");
  }
});

test("create is sent once even when the server did it and answered 500", async () => {
  await tenant.control("fail-next", { operation: "users.create", status: 500, after_commit: true });
  const email = "once@example.com";
  const error = await rejection(newUser({ email }));
  assert.equal(error.code, "outcome_unknown");
  assert.equal(error.statusCode, 500);
  assert.equal(error.attempts, 1);
  assert.equal((await users.listUsersByEmail({ email })).length, 1);
});

test("ids with any character reach the user they name", async () => {
  for (const user_id of ["a/b", "%3A", "+", "🦀", "a|b", "x?y#z", "..%2f", "&=;", "é"]) {
    const { user_id: id } = await newUser({ user_id });
    assert.equal(id, `auth0|${user_id}`);
    assert.equal((await users.get(id)).user_id, id);
    assert.equal((await users.update(id, { nickname: "n" })).user_id, id);
    await users.delete(id);
    await refused(users.get(id), /does not exist/, 404);
  }
  const saml = await first("identities.provider:samlp");
  assert.equal((await users.get(saml.user_id)).user_id, saml.user_id);
});

test("update changes each of the root attributes, and leaves what is absent", async () => {
  const user = await newUser({ name: "Before", nickname: "before", user_metadata: { a: 1 } });
  const changes = {
    app_metadata: { plan: "pro" },
    blocked: true,
    family_name: "Family",
    given_name: "Given",
    name: "Name",
    nickname: "nick",
    picture: "https://example.com/p.png",
    user_metadata: { b: 2 },
  };
  const updated = await users.update(user.user_id, changes);
  assert.deepEqual(updated, {
    ...user,
    ...changes,
    user_metadata: { a: 1, b: 2 },
    updated_at: updated.updated_at,
  });
  const moved = await users.update(user.user_id, {
    email: "Moved@Example.com",
    email_verified: true,
    verify_email: false,
  });
  assert.deepEqual([moved.email, moved.email_verified, moved.name], ["moved@example.com", true, "Name"]);
  const reset = await users.update(user.user_id, { password: "Another-Horse-8-Battery" });
  assert.ok(reset.last_password_reset <= reset.updated_at);

  const member = await newUser({ connection: "Members", username: "before.name" });
  assert.equal((await users.update(member.user_id, { username: "After.Name" })).username, "after.name");

  const phone = await users.create({ connection: "sms", phone_number: "+15550001" });
  const called = await users.update(phone.user_id, { phone_number: "+15550002", phone_verified: true });
  assert.deepEqual([called.phone_number, called.phone_verified], ["+15550002", true]);
});

test("update without changes, and with an attribute that does not exist", async () => {
  const user = await newUser({ name: "Same" });
  const updated = await users.update(user.user_id);
  assert.deepEqual({ ...updated, updated_at: user.updated_at }, user);
  await refused(users.update(user.user_id, { user_id: "auth0|other" }), /user_id/);
  await refused(users.update(user.user_id, { last_login: null }), /last_login/);
});

for (const metadata of ["user_metadata", "app_metadata"]) {
  test(`${metadata} merges on its first level, as the documentation's example`, async () => {
    const { user_id: id } = await newUser({ [metadata]: { profileCode: 1479 } });
    const after = async (change) => (await users.update(id, { [metadata]: change }))[metadata];
    const work = { work_address: "100 Industrial Way" };
    const home = { home_address: "742 Evergreen Terrace" };
    assert.deepEqual(await after({ addresses: work }), { profileCode: 1479, addresses: work });
    assert.deepEqual(await after({ addresses: home }), { profileCode: 1479, addresses: home });
    assert.deepEqual(await after({ addresses: { home_address: null } }), {
      profileCode: 1479,
      addresses: { home_address: null },
    });
    assert.deepEqual(await after({ addresses: null }), { profileCode: 1479 });
    assert.deepEqual(await after({ falsy: { n: 0, e: "", f: false, a: [] } }), {
      profileCode: 1479,
      falsy: { n: 0, e: "", f: false, a: [] },
    });
    assert.deepEqual(await after({ profileCode: 0 }), {
      profileCode: 0,
      falsy: { n: 0, e: "", f: false, a: [] },
    });
  });
}

test("an empty object clears metadata: user_metadata stays, empty; app_metadata goes", async () => {
  const { user_id: id } = await newUser({ user_metadata: { a: 1 }, app_metadata: { b: 2 } });
  const updated = await users.update(id, { user_metadata: {}, app_metadata: {} });
  assert.deepEqual(updated.user_metadata, {});
  assert.equal("app_metadata" in updated, false);
});

test("null unsets a root attribute", async () => {
  const names = ["name", "nickname", "given_name", "family_name", "picture"];
  const given = { name: "N", nickname: "n", given_name: "G", family_name: "F", picture: "https://example.com/p" };
  const user = await newUser(given);
  assert.deepEqual(
    Object.keys(given).filter((name) => !(name in user)),
    [],
  );
  const updated = await users.update(user.user_id, Object.fromEntries(names.map((name) => [name, null])));
  assert.deepEqual(
    names.filter((name) => name in updated),
    [],
  );
  assert.deepEqual(
    names.filter((name) => name in user),
    names,
  );
});

for (const [what, changes] of [
  ["password and email", { password, email: "new@example.com" }],
  ["password and email_verified", { password, email_verified: true }],
  ["username and email", { username: "u", email: "new@example.com" }],
  ["username and email_verified", { username: "u", email_verified: true }],
  ["username and password", { username: "u", password }],
]) {
  test(`update refuses ${what} together`, async () => {
    const { user_id } = await newUser({ connection: "Members", username: `name${count}` });
    const [one, other] = what.split(" and ");
    const error = await refused(users.update(user_id, changes), new RegExp(`${one}.*${other}|${other}.*${one}`));
    assert.equal(error.code, "bad_request");
  });
}

test("update refuses an email that another user has", async () => {
  const [one, other] = [await newUser(), await newUser()];
  await refused(users.update(one.user_id, { email: other.email }), /already exists/);
  assert.equal((await users.update(one.user_id, { email: one.email })).email, one.email);
});

test("update takes client_id only with an email or a phone number", async () => {
  const { user_id } = await newUser();
  await refused(users.update(user_id, { client_id: "app" }), /client_id/);
  await refused(users.update(user_id, { client_id: "app", name: "N" }), /client_id/);
  const { email } = await users.update(user_id, { client_id: "app", email: "with.client@example.com" });
  assert.equal(email, "with.client@example.com");
  const phone = await users.create({ connection: "sms", phone_number: "+15550010" });
  const called = await users.update(phone.user_id, { client_id: "app", phone_number: "+15550011" });
  assert.equal(called.phone_number, "+15550011");
});

test("update refuses email_verified of an enterprise or a passwordless SMS user", async () => {
  for (const q of ["identities.provider:samlp", "identities.provider:sms"]) {
    const { user_id } = await first(q);
    await refused(users.update(user_id, { email_verified: true }), /email_verified/);
  }
  const { user_id } = await newUser();
  assert.equal((await users.update(user_id, { email_verified: true })).email_verified, true);
});

test("email and password can change for users of a database only", async () => {
  for (const q of ["identities.provider:samlp", 'identities.provider:"google-oauth2"', "identities.provider:email"]) {
    const { user_id } = await first(q);
    await refused(users.update(user_id, { email: "new@example.com" }), /email/);
    await refused(users.update(user_id, { password }), /password/);
  }
});

test("with a connection, update changes the secondary identity there; without one, the primary", async () => {
  const primary = await newUser({ name: "Primary" });
  const secondary = await newUser({ connection: "Members", username: "secondary" });
  const id = primary.user_id;
  await linked(id, secondary.user_id);
  const after = async (changes) => {
    const { email, identities } = await users.update(id, changes);
    const { profileData } = identities[1];
    return { primary: email, email: profileData.email, username: profileData.username };
  };
  assert.deepEqual(await after({ email: "primary@example.com" }), {
    primary: "primary@example.com",
    email: secondary.email,
    username: "secondary",
  });
  const connection = "Members";
  await after({ connection, email: "secondary@example.com" });
  assert.deepEqual(await after({ connection, username: "renamed" }), {
    primary: "primary@example.com",
    email: "secondary@example.com",
    username: "renamed",
  });
  await users.update(id, { connection, password: "Another-Horse-8-Battery" });
  // Without the connection it would be the primary's, which has no user name.
  await refused(users.update(id, { username: "renamed" }), /username/);
  await refused(users.update(id, { connection, name: "N" }), /primary identity/);
  await refused(users.update(id, { connection: "sms", phone_number: "+15550020" }), /sms/);
  await refused(users.update(id, { connection: "Nowhere", email: "other@example.com" }), /connection/);
  assert.equal((await users.get(id)).name, "Primary");
});

/** Links one user to another, which the client cannot do. */
async function linked(primary, secondary) {
  const response = await fetch(`${baseUrl}/users/${encodeURIComponent(primary)}/identities`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ provider: "auth0", user_id: secondary }),
  });
  assert.equal(response.status, 201);
}

test("blocked: false lifts an administrator's block, and not those after failed logins", async () => {
  const { user_id } = await newUser({ blocked: true });
  assert.equal((await users.get(user_id)).blocked, true);
  assert.equal((await users.update(user_id, { blocked: false })).blocked, false);

  const blocks = async (id) => {
    const url = `${baseUrl}/user-blocks/${encodeURIComponent(id)}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 200);
    return (await response.json()).blocked_for;
  };
  for await (const { user_id: id } of await users.list({ fields: ["user_id"] })) {
    const before = await blocks(id);
    if (before.length === 0) continue;
    assert.equal((await users.update(id, { blocked: false })).blocked, false);
    assert.deepEqual(await blocks(id), before);
    return;
  }
  assert.fail("the tenant has a user with such a block");
});

test("a weak password is refused in the server's words", async () => {
  await refused(newUser({ password: "weak" }), /^PasswordStrengthError/);
});

test("update, get and the recovery code of nobody are 404; delete and revokeAccess of nobody succeed", async () => {
  const id = "auth0|nobody";
  const calls = [() => users.update(id, { name: "N" }), () => users.get(id), () => users.regenerateRecoveryCode(id)];
  for (const call of calls) {
    const error = await rejection(call());
    assert.ok(error instanceof Management.NotFoundError);
    assert.equal(error.errorCode, "inexistent_user");
    assert.equal(error.code, "not_found");
    assert.ok(error.requestId);
  }
  assert.equal((await users.delete(id).withRawResponse()).rawResponse.status, 204);
  assert.equal((await users.revokeAccess(id).withRawResponse()).rawResponse.status, 202);
});

test("delete succeeds the second time too", async () => {
  const { user_id } = await newUser();
  for (const _ of ["first", "second"]) {
    const { data, rawResponse } = await users.delete(user_id).withRawResponse();
    assert.equal(data, undefined);
    assert.equal(rawResponse.status, 204);
  }
  await refused(users.get(user_id), /does not exist/, 404);
});

test("each recovery code is new", async () => {
  const { user_id } = await newUser();
  const { recovery_code: one } = await users.regenerateRecoveryCode(user_id);
  const { recovery_code: other } = await users.regenerateRecoveryCode(user_id);
  assert.match(one, /^[A-Z0-9]{24}$/);
  assert.notEqual(one, other);
});

test("a recovery code needs an enrollment where the tenant says so", async (t) => {
  const { baseUrl, token } = await startTenant(t, "--users", "1", "--recovery-code-needs-enrollment");
  const { users } = new ManagementClient({ baseUrl, token });
  const { user_id } = await users.create({ connection: database, email: "bare@example.com", password });
  assert.equal((await rejection(users.regenerateRecoveryCode(user_id))).statusCode, 404);
});

test("revokeAccess takes a session, or takes nothing", async () => {
  const { user_id } = await newUser();
  assert.equal(await users.revokeAccess(user_id), undefined);
  assert.equal(await users.revokeAccess(user_id, {}), undefined);
  assert.equal(await users.revokeAccess(user_id, { session_id: "s", preserve_refresh_tokens: true }), undefined);
  await refused(users.revokeAccess(user_id, { session_id: "s".repeat(51) }), /session_id/);
});

test("listUsersByEmail: upper and lower case count, and databases store lower case", async () => {
  await newUser({ email: "Case.Rule@Example.com" });
  assert.equal((await users.listUsersByEmail({ email: "case.rule@example.com" })).length, 1);
  assert.deepEqual(await users.listUsersByEmail({ email: "Case.Rule@Example.com" }), []);
  assert.deepEqual(await users.listUsersByEmail({ email: "nobody@example.com" }), []);

  const { data } = await users.list({ q: 'identities.provider:"google-oauth2"', per_page: 100 });
  const { email, user_id } = data.find(({ email }) => email !== email.toLowerCase());
  assert.deepEqual(
    (await users.listUsersByEmail({ email })).map((user) => user.user_id),
    [user_id],
  );
  assert.deepEqual(await users.listUsersByEmail({ email: email.toLowerCase() }), []);
});

test("listUsersByEmail gives every user with that email, at once", async () => {
  const email = "twice@example.com";
  await newUser({ email });
  await users.create({ connection: "email", email });
  const connections = (await users.listUsersByEmail({ email })).map(({ identities }) => identities[0].connection);
  assert.deepEqual(connections.sort(), [database, "email"].sort());
});

test("fields and include_fields keep or drop, in get, list and listUsersByEmail", async () => {
  const { user_id, email } = await newUser({ name: "Fields" });
  const keep = { fields: ["user_id", "name"] };
  const drop = { fields: "identities,created_at,updated_at,picture,nickname,email_verified", include_fields: false };
  const kept = { user_id, name: "Fields" };
  const rest = { ...kept, email };
  assert.deepEqual(await users.get(user_id, keep), kept);
  assert.deepEqual(await users.get(user_id, { ...keep, include_fields: true }), kept);
  assert.deepEqual(await users.get(user_id, drop), rest);
  assert.deepEqual(await users.listUsersByEmail({ email, ...keep }), [kept]);
  assert.deepEqual(await users.listUsersByEmail({ email, ...drop }), [rest]);
  const q = `user_id:"${user_id}"`;
  assert.deepEqual((await users.list({ q, ...keep })).data, [kept]);
  assert.deepEqual((await users.list({ q, ...drop })).data, [rest]);
});

test("list sorts both ways, and not by metadata", async () => {
  const times = async (sort) => (await users.list({ sort, per_page: 100 })).data.map(({ created_at }) => created_at);
  const up = await times("created_at:1");
  assert.equal(new Set(up).size, 100);
  assert.deepEqual(up, [...up].sort());
  const down = await times("created_at:-1");
  assert.deepEqual(down, [...down].sort().reverse());
  assert.notDeepEqual(down, [...up].reverse());
  await refused(users.list({ sort: "user_metadata.a:1" }), /sort/i);
  await refused(users.list({ sort: "email" }), /sort/);
});

test("list searches with q", async () => {
  const { user_id } = await newUser({ name: "Query Target", app_metadata: { plan: "searched", tags: ["a", "b"] } });
  for (const q of [
    'name:"Query Target"',
    'name:"query target"',
    "name:Quer*",
    'app_metadata.plan:"searched" AND app_metadata.tags:b',
    `user_id:"${user_id}" OR email:"nobody@example.com"`,
    'app_metadata.plan:searched AND NOT name:"Other"',
    `created_at:[2025-01-01 TO *] AND app_metadata.plan:"searched"`,
  ]) {
    assert.deepEqual(
      (await users.list({ q })).data.map((user) => user.user_id),
      [user_id],
      q,
    );
  }
  assert.deepEqual((await users.list({ q: 'app_metadata.plan:"Searched"' })).data, []);
  await refused(users.list({ q: "name:(" }), /./);
  await refused(users.list({ search_engine: "v1" }), /search engine/i);
});

test("per_page is 50 by default and 100 at most", async () => {
  assert.equal((await users.list()).data.length, 50);
  assert.equal((await users.list({ page: null, per_page: null, include_totals: null })).data.length, 50);
  assert.equal((await users.list({ per_page: 100 })).data.length, 100);
  assert.equal((await users.list({ per_page: 0 })).data.length, 0);
  const error = await refused(users.list({ per_page: 101 }), /maximum 100/);
  assert.equal(error.errorCode, "invalid_query_string");
});

test("a loop over all users meets each of them once, with and without totals", async () => {
  for (const include_totals of [true, false]) {
    const ids = [];
    for await (const { user_id } of await users.list({ per_page: 7, include_totals, fields: ["user_id"] }))
      ids.push(user_id);
    const { response } = await users.list({ per_page: 1 });
    assert.equal(ids.length, response.total);
    assert.equal(new Set(ids).size, ids.length);
  }
});

test("beyond 1,000 users the list ends with the server's error", async (t) => {
  const { baseUrl, token } = await startTenant(t, "--users", "1100");
  const { users } = new ManagementClient({ baseUrl, token });
  const ids = new Set();
  const error = await rejection(
    (async () => {
      for await (const { user_id } of await users.list({ per_page: 100, fields: ["user_id"] })) ids.add(user_id);
    })(),
  );
  assert.equal(ids.size, 1_000);
  assert.equal(error.statusCode, 400);
  assert.equal(error.errorCode, "invalid_paging");
});

test("a wrong token is 401", async () => {
  const error = await rejection(new ManagementClient({ baseUrl, token: "wrong" }).users.list());
  assert.ok(error instanceof Management.UnauthorizedError);
  assert.equal(error.code, "unauthorized");
});

test("a connection that breaks is made anew for a read, and not for a write", async () => {
  for (const fault of [{ reset: true }, { truncate: true }]) {
    await tenant.control("fail-next", { operation: "users.list", ...fault });
    assert.equal((await users.list()).data.length, 50);
    await tenant.control("fail-next", { operation: "users.create", ...fault });
    const error = await rejection(newUser());
    assert.equal(error.code, "outcome_unknown");
    assert.equal(error.attempts, 1);
  }
});

test("a body that stalls ends with the time limit", async () => {
  await tenant.control("fail-next", { operation: "users.get", stall: true, times: 3 });
  const error = await rejection(users.get("auth0|nobody", {}, { timeoutInSeconds: 0.2, maxRetries: 0 }));
  assert.equal(error.code, "timeout");
  await tenant.control("reset", {});
});

test("a redirect is not followed", async () => {
  const location = `${tenant.url}/elsewhere`;
  await tenant.control("fail-next", { operation: "users.list", status: 302, headers: { location } });
  const error = await rejection(users.list());
  assert.equal(error.code, "bad_response");
  const paths = (await tenant.control("journal")).map(({ path }) => path);
  assert.ok(!paths.includes("/elsewhere"));
});

test("the wire has no more than the call says", async () => {
  await tenant.control("journal", undefined, "DELETE");
  await users.list({ q: 'name:"é+ &"' });
  const [{ method, path, query, headers, body }] = await tenant.control("journal");
  assert.deepEqual([method, path, body], ["GET", "/api/v2/users", ""]);
  assert.ok(query.split("&").includes("q=name%3A%22%C3%A9%2B%20%26%22"));
  for (const name of ["content-type", "cookie", "x-correlation-id"]) assert.equal(headers[name], undefined);
});
