// Every operation besides those of users itself. Compiled, never run.
import { ManagementClient, type Management, type HttpResponsePromise, type Page } from "auth0-users";

/** Compiles if both are the same type. */
declare function same<A, B>(
  same: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false,
): void;

interface App {
  plan: "free" | "pro";
}
interface Own {
  city?: string;
}

const id = "auth0|507f1f77bcf86cd799439020";
const client = new ManagementClient<App, Own>({ domain: "tenant.example", token: "token" });
const { users, userBlocks, jobs, tickets } = client;

// Authentication methods
const methods = await users.authenticationMethods.list(id, { per_page: 10, page: 1 }, { maxRetries: 0 });
same<typeof methods.data, Management.UserAuthenticationMethod[]>(true);
same<typeof methods.response, Management.ListUserAuthenticationMethodsOffsetPaginatedResponseContent>(true);
same<typeof methods.response.total, number | undefined>(true);
const bareMethods = await users.authenticationMethods.list(id, { include_totals: false });
same<typeof bareMethods.response, Management.UserAuthenticationMethod[]>(true);
for await (const method of methods) {
  switch (method.type) {
    case "passkey":
    case "of tomorrow":
      same<typeof method.created_at, string>(true);
  }
}
const added = users.authenticationMethods.create(id, { type: "phone", phone_number: "+4712345678" });
same<typeof added, HttpResponsePromise<Management.CreateUserAuthenticationMethodResponseContent>>(true);
void users.authenticationMethods.create(id, { type: "totp", totp_secret: "JBSWY3DPEHPK3PXP" });
// @ts-expect-error a method has a type
void users.authenticationMethods.create(id, { name: "phone" });
// @ts-expect-error a name is not unset
void users.authenticationMethods.create(id, { type: "email", name: null });
const set = users.authenticationMethods.set(id, [{ type: "email", email: "ana@example.com" }] as const);
same<typeof set, HttpResponsePromise<Management.SetUserAuthenticationMethodResponseContent[]>>(true);
// @ts-expect-error an array
void users.authenticationMethods.set(id, { type: "email", email: "ana@example.com" });
// @ts-expect-error not of these
void users.authenticationMethods.set(id, [{ type: "email", key_id: "k" }]);
const cleared: void = await users.authenticationMethods.deleteAll(id);
const method = users.authenticationMethods.get(id, "phone|dev_1");
same<typeof method, HttpResponsePromise<Management.GetUserAuthenticationMethodResponseContent>>(true);
// @ts-expect-error which one
void users.authenticationMethods.get(id);
const removed: void = await users.authenticationMethods.delete(id, "phone|dev_1", { timeoutInSeconds: 1 });
const renamed = users.authenticationMethods.update(id, "phone|dev_1", { preferred_authentication_method: "voice" });
same<typeof renamed, HttpResponsePromise<Management.UpdateUserAuthenticationMethodResponseContent>>(true);
void users.authenticationMethods.update(id, "phone|dev_1");
// @ts-expect-error cannot be changed
void users.authenticationMethods.update(id, "phone|dev_1", { phone_number: "+4712345678" });

// Factors
const unenrolled: void = await users.authenticators.deleteAll(id);
const enrollments = users.enrollments.get(id);
same<typeof enrollments, HttpResponsePromise<Management.UsersEnrollment[]>>(true);
const forgotten: void = await users.multifactor.invalidateRememberBrowser(id);
const unprovided: void = await users.multifactor.deleteProvider(id, "duo");
// @ts-expect-error which provider
void users.multifactor.deleteProvider(id);
const safe: void = await users.riskAssessments.clear(id, { connection: "db", assessors: ["new-device"] as const });
// @ts-expect-error of which connection
void users.riskAssessments.clear(id, { assessors: ["new-device"] });

// Roles
const roles = await users.roles.list(id, { per_page: 100 });
same<typeof roles, Page<Management.Role, Management.ListUserRolesOffsetPaginatedResponseContent>>(true);
same<typeof roles.response.total, number>(true);
// @ts-expect-error goes by pages
void users.roles.list(id, { take: 10 });
// @ts-expect-error not a field of a role
void roles.data.map((role) => role.title);
const assigned: void = await users.roles.assign(id, { roles: ["rol_1"] });
const unassigned: void = await users.roles.delete(id, { roles: ["rol_1"] as const });
// @ts-expect-error an object
void users.roles.assign(id, ["rol_1"]);
// @ts-expect-error not a name of this API
void users.roles.delete(id, { role_ids: ["rol_1"] });
const effectiveRoles = await users.effectiveRoles.list(id, { take: 10, from: null });
same<typeof effectiveRoles.data, Management.UserEffectiveRole[]>(true);
same<typeof effectiveRoles.response.next, string | undefined>(true);
// @ts-expect-error goes by checkpoint
void users.effectiveRoles.list(id, { page: 1 });
const givers = await users.effectiveRoles.sources.groups.list(id, { role_id: "rol_1" });
same<typeof givers, Page<Management.Group, Management.ListUserRoleSourceGroupsResponseContent>>(true);
// @ts-expect-error which role
void users.effectiveRoles.sources.groups.list(id, { take: 1 });

// Permissions
const permissions = await users.permissions.list(id);
same<typeof permissions.data, Management.UserPermissionSchema[]>(true);
same<(typeof permissions.data)[number]["sources"], Management.UserPermissionSource[] | undefined>(true);
const permission = { resource_server_identifier: "https://api.example", permission_name: "read:x" };
const granted: void = await users.permissions.create(id, { permissions: [permission] });
const revoked: void = await users.permissions.delete(id, { permissions: [permission] });
// @ts-expect-error of which API
void users.permissions.create(id, { permissions: [{ permission_name: "read:x" }] });
const effective = await users.effectivePermissions.list(id, { resource_server_identifier: "https://api.example" });
same<typeof effective.data, Management.UserEffectivePermissionResponseContent[]>(true);
// @ts-expect-error of which API
void users.effectivePermissions.list(id);
const sources = await users.effectivePermissions.sources.roles.list(id, permission);
same<typeof sources.data, Management.UserEffectivePermissionRoleSourceResponseContent[]>(true);
same<typeof sources.response, Management.ListUserEffectivePermissionRoleSourcesResponseContent>(true);
// @ts-expect-error which permission
void users.effectivePermissions.sources.roles.list(id, { resource_server_identifier: "https://api.example" });

// Memberships
const groups = await users.groups.get(id, { include_totals: true, take: 20 });
same<typeof groups, Page<Management.UserGroupsResponseSchema, Management.GetUserGroupsPaginatedResponseContent>>(true);
const groupNames = await users.groups.get(id, { fields: ["id", "name"] });
same<typeof groupNames.data, Pick<Management.UserGroupsResponseSchema, "id" | "name">[]>(true);
// @ts-expect-error not a field of a group
void users.groups.get(id, { fields: ["title"] });
const organizations = await users.organizations.list(id, { take: 100 });
same<typeof organizations.data, Management.Organization[]>(true);
same<typeof organizations.response.next, string | undefined>(true);
const firstOrganizations = await users.organizations.list(id, { page: 0, per_page: 100 });
same<typeof firstOrganizations.response.total, number | undefined>(true);
const bareOrganizations = await users.organizations.list(id, { include_totals: false });
same<typeof bareOrganizations.response, Management.Organization[]>(true);
const color: string | undefined = organizations.data[0]?.branding?.colors?.primary;
const accounts = await users.connectedAccounts.list(id, { from: "checkpoint" });
same<typeof accounts, Page<Management.ConnectedAccount, Management.ListUserConnectedAccountsResponseContent>>(true);

// Identities
const linked = users.identities.link(id, { provider: "google-oauth2", user_id: 115015401343387 });
same<typeof linked, HttpResponsePromise<Management.UserIdentity[]>>(true);
void users.identities.link(id, { provider: "of-tomorrow", user_id: "1", connection_id: "con_0000000000000001" });
void users.identities.link(id, { link_with: "eyJ" });
// @ts-expect-error either
void users.identities.link(id, { link_with: "eyJ", provider: "auth0", user_id: "1" });
// @ts-expect-error which one
void users.identities.link(id, { provider: "auth0" });
// @ts-expect-error what to link
void users.identities.link(id, {});
const left = users.identities.delete(id, "google-oauth2", "115015401343387");
same<typeof left, HttpResponsePromise<Management.DeleteUserIdentityResponseContent>>(true);
const provider: string = (await left)[0]?.provider ?? "";
void users.identities.delete(id, "google-oauth2", 115015401343387);

// Logs
const logs = await users.logs.list(id, { sort: "date:-1" });
same<typeof logs, Page<Management.Log, Management.UserListLogOffsetPaginatedResponseContent>>(true);
same<(typeof logs.data)[number]["description"], string | null | undefined>(true);
// @ts-expect-error a sort order has a direction
void users.logs.list(id, { sort: "date" });

// Sessions and refresh tokens
const sessions = await users.sessions.list(id, { take: 10, include_totals: null });
same<typeof sessions, Page<Management.SessionResponseContent, Management.ListUserSessionsPaginatedResponseContent>>(
  true,
);
same<(typeof sessions.data)[number]["session_metadata"], Management.SessionMetadata | null | undefined>(true);
const ended: void = await users.sessions.delete(id);
const tokens = await users.refreshToken.list(id);
same<typeof tokens.data, Management.RefreshTokenResponseContent[]>(true);
same<(typeof tokens.data)[number]["session_id"], string | null | undefined>(true);
const expired: void = await users.refreshToken.delete(id);
// @ts-expect-error goes by checkpoint
void users.sessions.list(id, { per_page: 10 });

// Blocks
const blocks = userBlocks.listByIdentifier({ identifier: "ana@example.com", consider_brute_force_enablement: true });
same<typeof blocks, HttpResponsePromise<Management.ListUserBlocksByIdentifierResponseContent>>(true);
// @ts-expect-error of whom
void userBlocks.listByIdentifier({});
const lifted: void = await userBlocks.deleteByIdentifier({ identifier: "ana@example.com" });
// @ts-expect-error only to read
void userBlocks.deleteByIdentifier({ identifier: "ana@example.com", consider_brute_force_enablement: true });
const ofUser = userBlocks.list(id, { consider_brute_force_enablement: null });
same<typeof ofUser, HttpResponsePromise<Management.ListUserBlocksResponseContent>>(true);
const unblocked: void = await userBlocks.delete(id);

// Jobs
const job = jobs.get("job_1");
same<typeof job, HttpResponsePromise<Management.GetJobResponseContent>>(true);
const errors = await jobs.errors.get("job_1");
same<typeof errors, Management.jobs.ErrorsGetResponse | undefined>(true);
if (Array.isArray(errors)) same<(typeof errors)[number], Management.GetJobErrorResponseContent>(true);
const exported = jobs.usersExports.create({ format: "csv", fields: [{ name: "user_id", export_as: "id" }] });
same<typeof exported, HttpResponsePromise<Management.CreateExportUsersResponseContent>>(true);
void jobs.usersExports.create();
// @ts-expect-error objects
void jobs.usersExports.create({ fields: ["user_id"] });
const connection_id = "con_0000000000000001";
const imported = jobs.usersImports.create({ users: "[]", connection_id, upsert: true });
same<typeof imported, HttpResponsePromise<Management.CreateImportUsersResponseContent>>(true);
void jobs.usersImports.create({ users: new Uint8Array(2), connection_id });
void jobs.usersImports.create({ users: new ArrayBuffer(2), connection_id, external_id: "mine" });
void jobs.usersImports.create({
  users: [{ email: "ana@example.com", app_metadata: { plan: "pro" } }] as const,
  connection_id,
});
// @ts-expect-error an imported user has an email
void jobs.usersImports.create({ users: [{ username: "ana" }], connection_id });
// @ts-expect-error not a plan
void jobs.usersImports.create({ users: [{ email: "a@example.com", app_metadata: { plan: "gold" } }], connection_id });
void jobs.usersImports.create({ users: { path: "users.json" }, connection_id });
async function* pieces() {
  yield "[";
  yield new Uint8Array(2);
}
void jobs.usersImports.create({ users: pieces(), connection_id });
void jobs.usersImports.create({ users: { data: pieces(), filename: "users.json" }, connection_id });
// @ts-expect-error not a file
void jobs.usersImports.create({ users: { file: "users.json" }, connection_id });
// @ts-expect-error not a file
void jobs.usersImports.create({ users: new Map([["a", 1]]), connection_id });
// @ts-expect-error not a file
void jobs.usersImports.create({ users: { data: [{ email: "a" }] }, connection_id });
// @ts-expect-error into which connection
void jobs.usersImports.create({ users: "[]" });
const mail = jobs.verificationEmail.create({ user_id: id, identity: { user_id: "1", provider: "auth0" } });
same<typeof mail, HttpResponsePromise<Management.CreateVerificationEmailResponseContent>>(true);
// @ts-expect-error to whom
void jobs.verificationEmail.create({ client_id: "c" });

// Tickets
const proof = tickets.verifyEmail({ user_id: id, ttl_sec: 0, includeEmailInRedirect: false });
same<typeof proof, HttpResponsePromise<Management.VerifyEmailTicketResponseContent>>(true);
const ticket: string = (await tickets.changePassword({ user_id: id, mark_email_as_verified: true })).ticket;
void tickets.changePassword({ connection_id, email: "ana@example.com", result_url: "https://app.example" });
// @ts-expect-error either
void tickets.changePassword({ user_id: id, email: "ana@example.com", connection_id });
// @ts-expect-error of which connection
void tickets.changePassword({ email: "ana@example.com" });
// @ts-expect-error whose
void tickets.changePassword({});

// What has no method
const unknown = await client.request({
  method: "GET",
  path: ["clients", id],
  query: { fields: ["name", "x"], page: 0 },
});
same<typeof unknown, unknown>(true);
const known = client.request<{ name: string }>({ method: "PATCH", path: ["clients", id], body: { name: "x" } });
same<typeof known, HttpResponsePromise<{ name: string }>>(true);
// @ts-expect-error segments
void client.request({ method: "GET", path: "/clients" });
// @ts-expect-error not a method of HTTP
void client.request({ method: "get", path: ["clients"] });
// @ts-expect-error an object
void client.request({ method: "POST", path: ["clients"], body: "{}" });

// A program for the official SDK names its types so.
const params: Management.ListUserRolesRequestParameters = { per_page: 1 };
const content: Management.CreateUserRequestContent = { connection: "db" };
const user: Management.GetUserResponseContent = await client.users.create({ connection: "db", email: "a@example.com" });
const kind: Management.AuthenticationMethodTypeEnum = "totp";

export {
  assigned,
  cleared,
  color,
  content,
  ended,
  expired,
  forgotten,
  granted,
  kind,
  lifted,
  params,
  provider,
  removed,
};
export { revoked, safe, ticket, unassigned, unblocked, unenrolled, unprovided, user };
