// A program with the types of npm auth0. Compiled with both packages, never run; the tests change its import.
import { Management, ManagementClient, ManagementError, ManagementTimeoutError } from "auth0";

type Profile = Management.UserResponseSchema;

const management = new ManagementClient({ domain: "tenant.example", token: "token", timeoutInSeconds: 10, fetch });
const { users } = management;

/** A page of a table, and how many rows there are. */
export async function table(params: Management.ListUsersRequestParameters) {
  const { data, response } = await users.list({ search_engine: "v3", ...params, per_page: 20 });
  return { rows: data, total: response.total ?? response.users?.length ?? 0 };
}

export async function everybody(params: Management.ListUsersRequestParameters): Promise<Profile[]> {
  const found: Profile[] = [];
  let page = await users.list(params);
  found.push(...page.data);
  while (page.hasNextPage()) {
    page = await page.getNextPage();
    found.push(...page.data);
  }
  for await (const user of await users.list({ ...params, include_totals: true, fields: "user_id,email" })) {
    found.push(user);
  }
  return found;
}

export async function orNobody(id: string, params?: Management.GetUserRequestParameters): Promise<Profile | null> {
  try {
    return await users.get(id, params);
  } catch (error) {
    if (error instanceof Management.NotFoundError) return null;
    if (error instanceof ManagementTimeoutError) throw new Error("too slow", { cause: error });
    if (error instanceof ManagementError) {
      const { message } = error.body as { message: string };
      console.error(error.statusCode, message, error.rawResponse?.headers.get("x-ratelimit-reset"));
    }
    throw error;
  }
}

export async function named(params: Management.ListUsersByEmailRequestParameters): Promise<string[]> {
  return (await users.listUsersByEmail(params)).map(({ name, email }) => name ?? email ?? "");
}

export async function save(id: string | undefined, changes: Management.UpdateUserRequestContent) {
  const metadata: Management.UserMetadataSchema = { theme: "dark", ...changes.user_metadata };
  if (id) return users.update(id, { ...changes, user_metadata: metadata, nickname: null });
  const content: Management.CreateUserRequestContent = {
    connection: "db",
    email: "ana@example.com",
    verify_email: false,
  };
  const created: Management.CreateUserResponseContent = await users.create(content);
  const plan = created.app_metadata?.plan as string | undefined;
  return { ...created, plan, since: new Date(created.created_at as string) };
}

export async function headersOf(id: string) {
  const { data, rawResponse } = await users.get(id).withRawResponse();
  const limits = [...rawResponse.headers].filter(([name]) => name.startsWith("x-ratelimit-"));
  rawResponse.headers.forEach((value, name) => console.log(name, value));
  return { data, status: rawResponse.status, limits, all: Object.fromEntries(rawResponse.headers.entries()) };
}

export async function carefully(id: string, abortSignal: AbortSignal) {
  const options = { timeoutInSeconds: 5, maxRetries: 0, abortSignal, headers: { "x-trace": "1", "x-none": undefined } };
  await users.roles.assign(id, { roles: ["rol_1"] }, options);
  await users.delete(id, { ...options, queryParams: { why: "asked" } });
}

export async function partsOf(id: string) {
  const roles: Management.ListUserRolesRequestParameters = { per_page: 5 };
  const logs: Management.ListUserLogsRequestParameters = { per_page: 5, sort: "date:-1" };
  const organizations: Management.ListUserOrganizationsRequestParameters = { page: 0 };
  const groups: Management.GetUserGroupsRequestParameters = { fields: "id,name" };
  const sessions: Management.ListUserSessionsRequestParameters = { take: 1 };
  const [role] = (await users.roles.list(id, roles)).data;
  const log: Management.Log | undefined = (await users.logs.list(id, logs)).response.logs?.[0];
  const session: Management.SessionResponseContent | undefined = (await users.sessions.list(id, sessions)).data[0];
  const permissions: Management.UserPermissionSchema[] = (await users.permissions.list(id)).data;
  const method: Management.CreateUserAuthenticationMethodRequestContent = {
    type: "email",
    email: "a@example.com",
    name: "a",
  };
  return {
    role: role?.name,
    at: log?.date,
    device: session?.device?.last_ip,
    scopes: permissions.map(({ permission_name }) => permission_name),
    organizations: (await users.organizations.list(id, organizations)).response.total,
    groups: (await users.groups.get(id, groups)).response.groups?.map(({ name }) => name),
    factors: (await users.authenticationMethods.list(id)).response.authenticators?.map(({ type }) => type),
    method: (await users.authenticationMethods.create(id, method)).id,
  };
}

export async function link(id: string, other: Profile): Promise<Management.UserIdentity[]> {
  const [provider, user_id] = (other.user_id as string).split("|") as [Management.UserIdentityProviderEnum, string];
  return users.identities.link(id, { provider, user_id });
}
