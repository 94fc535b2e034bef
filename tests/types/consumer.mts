// A program as users write it, with nothing but the language's own types. Compiled, never run.
import {
  Management,
  ManagementClient,
  ManagementError,
  ManagementTimeoutError,
  isManagementError,
  type AbortSignalLike,
  type HttpResponsePromise,
  type ListUsersOffsetPaginatedResponseContent,
  type Page,
  type RawResponse,
  type User,
} from "auth0-users";

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

const client = new ManagementClient({ domain: "tenant.example", token: "token" });
const typed = new ManagementClient<App, Own>({ baseUrl: "/admin-api", maxRetries: 0, timeoutInSeconds: 5 });
new ManagementClient({ baseUrl: "https://tenant.example/api/v2", token: async () => "token" });
new ManagementClient({
  domain: "tenant.example",
  token: Promise.resolve("token"),
  headers: { "x-a": () => "b", "x-c": null },
});

// @ts-expect-error neither domain nor baseUrl
new ManagementClient({ token: "token" });
// @ts-expect-error a domain needs a token
new ManagementClient({ domain: "tenant.example" });
// @ts-expect-error not an option
new ManagementClient({ domain: "tenant.example", token: "token", retries: 3 });

const page = await client.users.list({
  per_page: 10,
  sort: "created_at:-1",
  search_engine: "v3",
  include_totals: false,
});
same<typeof page.data, User[]>(true);
same<ReturnType<typeof page.getNextPage>, Promise<Page<User, typeof page.response>>>(true);
for await (const user of page) same<typeof user, User>(true);
const more: boolean = page.hasNextPage();
same<typeof page.response, User[]>(true);
const counted = await client.users.list({ q: "email_verified:true" });
same<typeof counted.response, ListUsersOffsetPaginatedResponseContent>(true);
same<typeof counted.response.total, number>(true);
const either = await client.users.list({ include_totals: Math.random() > 0.5 });
same<typeof either.response, ListUsersOffsetPaginatedResponseContent | User[]>(true);
const uncounted = await client.users.list({ include_totals: null, page: null, per_page: null });
same<typeof uncounted.response, User[]>(true);
// @ts-expect-error a sort order has a direction
void client.users.list({ sort: "created_at" });
// @ts-expect-error not a parameter
void client.users.list({ perPage: 10 });

// Parameters that are kept in a variable do not say what they hold.
declare const kept: Management.ListUsersRequestParameters;
const asKept = await client.users.list({ ...kept, page: 1 });
same<typeof asKept.data, User[]>(true);
same<typeof asKept.response, ListUsersOffsetPaginatedResponseContent>(true);
await typed.users.list(kept);
declare const ofOne: Management.GetUserRequestParameters;
const readAsKept = await client.users.get("auth0|1", ofOne);
same<typeof readAsKept, User>(true);
declare const byEmail: Management.ListUsersByEmailRequestParameters;
const withEmail: User[] = await client.users.listUsersByEmail(byEmail);
const fewer: Management.ListUsersRequestParameters = { fields: ["user_id", "email"], include_totals: false };
await client.users.list(fewer);
// @ts-expect-error not a field
const misspelt: Management.ListUsersRequestParameters = { fields: ["user_id", "mail"] };

const some = await client.users.get("auth0|1", { fields: ["user_id", "email"] });
same<typeof some, Pick<User, "user_id" | "email">>(true);
const named = await client.users.get("auth0|1", { fields: "user_id,email" });
same<typeof named, User>(true);
const rest = await client.users.get("auth0|1", { fields: ["email", "picture"], include_fields: false });
same<typeof rest, Omit<User, "email" | "picture">>(true);
const listed = await client.users.list({ fields: ["user_id", "logins_count"] });
same<typeof listed.data, Pick<User, "user_id" | "logins_count">[]>(true);
same<typeof listed.response.users, Pick<User, "user_id" | "logins_count">[]>(true);
// @ts-expect-error was not asked for
void some.name;
// @ts-expect-error was left out
void rest.email;
// @ts-expect-error not a field of a user
void named.emial;
// @ts-expect-error a user has an id
const nobody: User = { email: "ana@example.com" };
// @ts-expect-error not a field
void client.users.get("auth0|1", { fields: ["user_id", "mail"] });
// @ts-expect-error an id is a string
void client.users.get(42);

const pending: HttpResponsePromise<User> = client.users.get(
  "auth0|1",
  {},
  { maxRetries: 1, queryParams: { a: [1, true, "b"] } },
);
const { data, rawResponse } = await pending.withRawResponse();
same<typeof data, User>(true);
same<typeof rawResponse, RawResponse>(true);
const limit: string | null = rawResponse.headers.get("x-ratelimit-remaining");
for (const [name, value] of rawResponse.headers) same<typeof name | typeof value, string>(true);
rawResponse.headers.forEach((value, name) => same<typeof name | typeof value, string>(true));
const limits = [...rawResponse.headers.keys()].filter((name) => name.startsWith("x-ratelimit-"));
same<typeof limits, string[]>(true);

const created = await typed.users.create({
  connection: "db",
  email: "ana@example.com",
  app_metadata: { plan: "free" },
});
same<typeof created.app_metadata, App | undefined>(true);
// @ts-expect-error a connection is needed
void typed.users.create({ email: "ana@example.com" });
// @ts-expect-error not a plan
void typed.users.create({ connection: "db", app_metadata: { plan: "gold" } });

await typed.users.update("auth0|1", { user_metadata: { city: null }, nickname: null, blocked: false });
await typed.users.update("auth0|1", { app_metadata: {} });
// @ts-expect-error a flag is not unset
void typed.users.update("auth0|1", { blocked: null });

// @ts-expect-error a name is left out, not null, when a user is created
void typed.users.create({ connection: "db", name: null });
// @ts-expect-error not an attribute
void typed.users.create({ connection: "db", emial: "ana@example.com" });
// @ts-expect-error not an attribute
void typed.users.update("auth0|1", { last_ip: "127.0.0.1" });

const found = await client.users.listUsersByEmail({ email: "ana@example.com", fields: ["user_id"] });
same<typeof found, Pick<User, "user_id">[]>(true);
const code: string = (await client.users.regenerateRecoveryCode("auth0|1")).recovery_code;
const nothing: void = await client.users.revokeAccess("auth0|1", { session_id: "s", preserve_refresh_tokens: true });
const deleted: void = await client.users.delete("auth0|1");

declare const signal: AbortSignalLike;
try {
  await client.users.get("auth0|1", {}, { abortSignal: signal });
} catch (error) {
  if (isManagementError(error)) {
    same<typeof error, ManagementError>(true);
    switch (error.code) {
      case "rate_limited":
        same<typeof error.retryAfterMs, number | undefined>(true);
        break;
      // @ts-expect-error not a code
      case "rate limited":
    }
  }
  if (error instanceof Management.NotFoundError) same<typeof error.statusCode, number | undefined>(true);
  if (error instanceof ManagementTimeoutError) same<typeof error.attempts, number>(true);
}

const domain = "tenant.eu.auth0.com";
{
  using short = new ManagementClient({ domain, token: "t" });
  same<typeof short.users, typeof client.users>(true);
}
new ManagementClient({ domain, clientId: "i", clientSecret: "s", audience: "https://tenant.eu.auth0.com/api/v2/" });
new ManagementClient({ domain, clientId: "i", clientAssertionSigningKey: "pem", clientAssertionSigningAlg: "PS256" });
new ManagementClient({ domain, token: ({ reason }) => (reason === "rejected" ? "a" : { token: "b", expiresAt: 1 }) });
// @ts-expect-error neither a secret nor a key
new ManagementClient({ domain, clientId: "i" });
// @ts-expect-error not an algorithm
new ManagementClient({ domain, clientId: "i", clientAssertionSigningKey: "pem", clientAssertionSigningAlg: "none" });
// @ts-expect-error credentials are for a domain
new ManagementClient({ baseUrl: "https://host/api/v2", clientId: "i", clientSecret: "s" });
// @ts-expect-error not a reason
new ManagementClient({ domain, token: ({ reason }) => (reason === "bored" ? "a" : "b") });

export { client, code, deleted, limit, misspelt, more, nobody, nothing, withEmail };
