/**
 * A program as it is written for npm `auth0` 7.1.0. It is given the package that it would import, uses the whole users
 * tree and its neighbours, and tells what each step gave.
 */
export async function* program({ ManagementClient, ManagementError }, options, directory) {
  const management = new ManagementClient(options);
  const { users, userBlocks, jobs, tickets } = management;
  const connection = "Username-Password-Authentication";
  const role = directory.roles[0].id;
  const [api] = directory.resource_servers;

  async function failure(call) {
    try {
      await call();
    } catch (error) {
      const { statusCode, body } = error;
      return { known: error instanceof ManagementError && error instanceof Error, statusCode, body };
    }
    throw new Error("this should have failed");
  }
  async function all(promise) {
    const page = await promise;
    const first = page.data.length;
    const items = [];
    for await (const item of page) items.push(item);
    return { items, first };
  }

  const ana = await users.create({
    connection,
    email: "Ana.Diaz@example.com",
    password: "Secret-123",
    given_name: "Ana",
  });
  yield ["users.create", ana];
  const id = ana.user_id;
  yield ["users.create, raw", await raw(users.create({ connection, email: "b@example.com", password: "Secret-123" }))];
  yield [
    "users.create, again",
    await failure(() => users.create({ connection, email: "ana.diaz@example.com", password: "Secret-123" })),
  ];
  yield ["users.get", await users.get(id)];
  yield ["users.get, fields", await users.get(id, { fields: "email,user_id", include_fields: true })];
  yield ["users.get, nobody", await failure(() => users.get("auth0|nobody"))];
  yield ["users.listUsersByEmail", await users.listUsersByEmail({ email: "ana.diaz@example.com" })];
  yield ["users.list", await users.list({ q: 'email:"ana.diaz@example.com"' }).then((page) => page.response)];
  yield ["users.list, all", await all(users.list({ per_page: 30, sort: "email:1", q: "email:*@example.com" }))];
  const second = await users.list({ per_page: 7, page: 1, sort: "user_id:1" });
  yield ["users.list, pages", [second.data, second.hasNextPage(), (await second.getNextPage()).data]];
  yield ["users.list, wrong", await failure(() => users.list({ per_page: 101 }))];
  yield ["users.update", await users.update(id, { user_metadata: { a: { b: 1 }, c: 2 }, nickname: null })];
  yield ["users.update, merged", await users.update(id, { user_metadata: { a: { d: 3 }, c: null }, blocked: true })];
  yield ["users.update, emptied", await users.update(id, { user_metadata: {} })];
  yield [
    "users.update, wrong",
    await failure(() => users.update(id, { email: "x@example.com", password: "Secret-123" })),
  ];
  yield ["users.regenerateRecoveryCode", await users.regenerateRecoveryCode(id)];

  const { authenticationMethods, roles, permissions, identities, multifactor } = users;
  const phone = await authenticationMethods.create(id, { type: "phone", name: "mine", phone_number: "+15551234567" });
  yield ["authenticationMethods.create", phone];
  yield ["authenticationMethods.list", await all(authenticationMethods.list(id))];
  yield ["authenticationMethods.get", await authenticationMethods.get(id, phone.id)];
  yield ["authenticationMethods.update", await authenticationMethods.update(id, phone.id, { name: "other" })];
  yield ["authenticationMethods.delete", await authenticationMethods.delete(id, phone.id)];
  yield [
    "authenticationMethods.set",
    await authenticationMethods.set(id, [{ type: "email", name: "m", email: "m@example.com" }]),
  ];
  yield ["authenticationMethods.deleteAll", await authenticationMethods.deleteAll(id)];
  yield ["authenticators.deleteAll", await users.authenticators.deleteAll(id)];

  yield ["roles.assign", await roles.assign(id, { roles: [role] })];
  yield ["roles.list", await all(roles.list(id))];
  const permission = {
    permission_name: api.scopes?.[0] ?? "read:messages",
    resource_server_identifier: api.identifier,
  };
  yield ["permissions.create", await outcome(() => permissions.create(id, { permissions: [permission] }))];
  yield ["permissions.list", await all(permissions.list(id))];
  yield ["effectiveRoles.list", await all(users.effectiveRoles.list(id))];
  yield [
    "effectiveRoles.sources.groups.list",
    await all(users.effectiveRoles.sources.groups.list(id, { role_id: role })),
  ];
  const named = { resource_server_identifier: api.identifier };
  yield ["effectivePermissions.list", await all(users.effectivePermissions.list(id, named))];
  const source = { ...named, permission_name: permission.permission_name };
  yield [
    "effectivePermissions.sources.roles.list",
    await all(users.effectivePermissions.sources.roles.list(id, source)),
  ];
  yield ["permissions.delete", await outcome(() => permissions.delete(id, { permissions: [permission] }))];
  yield ["roles.delete", await roles.delete(id, { roles: [role] })];
  yield ["roles.list, after", await all(roles.list(id))];

  const other = await users.create({ connection, email: "other@example.com", password: "Secret-123" });
  const linked = { provider: "auth0", user_id: other.user_id };
  yield ["identities.link", await identities.link(id, linked)];
  yield ["identities.delete", await identities.delete(id, "auth0", other.user_id.split("|")[1])];
  yield ["multifactor.invalidateRememberBrowser", await multifactor.invalidateRememberBrowser(id)];
  yield ["multifactor.deleteProvider", await multifactor.deleteProvider(id, "duo")];
  yield ["riskAssessments.clear", await users.riskAssessments.clear(id, { connection, assessors: ["new-device"] })];
  yield ["enrollments.get", await users.enrollments.get(id)];
  yield ["groups.get", await all(users.groups.get(id, { take: 2 }))];
  yield ["logs.list", await all(users.logs.list(id, { per_page: 5 }))];
  yield ["organizations.list", await all(users.organizations.list(id, { per_page: 2 }))];
  yield ["connectedAccounts.list", await all(users.connectedAccounts.list(id, { take: 3 }))];
  yield ["sessions.list", await all(users.sessions.list(id, { take: 2 }))];
  yield ["sessions.delete", await users.sessions.delete(id)];
  yield ["refreshToken.list", await all(users.refreshToken.list(id, { take: 2 }))];
  yield ["refreshToken.delete", await users.refreshToken.delete(id)];
  yield ["users.revokeAccess", await users.revokeAccess(id)];

  yield ["userBlocks.list", await userBlocks.list(id)];
  yield ["userBlocks.listByIdentifier", await userBlocks.listByIdentifier({ identifier: "ana.diaz@example.com" })];
  yield ["userBlocks.deleteByIdentifier", await userBlocks.deleteByIdentifier({ identifier: "ana.diaz@example.com" })];
  yield ["userBlocks.delete", await userBlocks.delete(id)];

  const exported = await jobs.usersExports.create({ format: "json", limit: 5 });
  yield ["jobs.usersExports.create", exported];
  yield ["jobs.get", await jobs.get(exported.id)];
  const file = new Blob([JSON.stringify([{ email: "imported@example.com" }])], { type: "application/json" });
  const imported = await jobs.usersImports.create({ users: file, connection_id: directory.connections[0].id });
  yield ["jobs.usersImports.create", imported];
  for (let polls = 0; polls < 5; polls++) await jobs.get(imported.id);
  yield ["jobs.errors.get", await jobs.errors.get(imported.id)];
  yield ["jobs.verificationEmail.create", await jobs.verificationEmail.create({ user_id: id })];
  yield ["tickets.verifyEmail", await tickets.verifyEmail({ user_id: id })];
  yield ["tickets.changePassword", await tickets.changePassword({ user_id: id })];
  yield ["users.delete", await users.delete(id)];
  yield ["users.delete, again", await users.delete(id)];
}

async function raw(promise) {
  const { data, rawResponse } = await promise.withRawResponse();
  return { data, status: rawResponse.status, type: rawResponse.headers.get("content-type") };
}

async function outcome(call) {
  return call().catch(({ statusCode, body }) => ({ statusCode, body }));
}

export const domain = "tenant.example";

/** The operations that these steps have called, sorted. */
export function coveredBy(steps) {
  const names = steps.map(([name]) => name.split(",")[0]);
  return [
    ...new Set(names.map((name) => (/^(users|userBlocks|jobs|tickets)\./.test(name) ? name : `users.${name}`))),
  ].sort();
}

/** Gives results as JSON that depends neither on when it was made nor on what the tenant drew for new ids. */
export function settler() {
  const names = new Map();
  const name = (id) => names.get(id) ?? names.set(id, `(id ${names.size})`).get(id);
  return (result) => {
    const json = JSON.stringify(result, (_, value) => (value === undefined ? "(undefined)" : value));
    return JSON.parse(
      json
        .replaceAll(/\b202[6-9]-\d\d-\d\dT[\d:.]+Z/g, "(now)")
        .replaceAll(/127\.0\.0\.1:\d+/g, domain)
        .replaceAll(/(?<=expires=)\d+/g, "(then)")
        .replaceAll(/(?<=(dev|job)_|ticket=|recovery_code":")\w+|(?<=\b|%7C)[0-9a-f]{24}\b/g, name),
    );
  };
}
