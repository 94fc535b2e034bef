// A test as test authors write it, with nothing but the language's own types. Compiled, never run.
import { ManagementClient } from "auth0-users";
import { createTenant, type JournalEntry, type NewUser, type Snapshot, type Tenant } from "auth0-users/testing";

const ada: NewUser = { email: "ada@example.com", app_metadata: { plan: "gold" }, roles: ["admin"] };
const tenant: Tenant = createTenant({
  users: [ada],
  seed: 1,
  clock: () => 0,
  rate: { burst: 10, perSecond: 2 },
  searchCap: null,
  faults: { rate: 0.2, kinds: ["reset", "stall"], afterCommit: 0.5 },
  clients: [{ id: "app", publicKeyPem: "..." }],
});
createTenant();
new ManagementClient({ baseUrl: tenant.url, token: tenant.token, fetch: tenant.fetch });

const one: string = tenant.users.add(ada).user_id;
const many: string[] = tenant.users.add(ada, ada).map((user) => user.user_id);
tenant.roles.add({ name: one, permissions: [{ resource_server_identifier: "a", permission_name: "b" }] }).id;
tenant.organizations.add({ name: many.join() }, { name: "b" }).length;
tenant.connections.add({ name: "a", strategy: "samlp" }).strategy;

const [entry] = tenant.journal({ after: 2 });
const told: JournalEntry | undefined = entry;
const status: number | null | undefined = told?.status;
if (told?.fault === "reset" && told.committed) tenant.clearJournal();

tenant.failNext({ operation: "users.list", status: status ?? 503, headers: { "retry-after": "1" } });
tenant.setFaults(null);
tenant.setRate(null);
tenant.setLatency(5);
tenant.advanceClock(1000);
tenant.addToken({ token: "t", scopes: ["read:users"], expiresInMs: 1 });
tenant.attach("auth0|x", { sessions: 1, connectedAccounts: 2 });
tenant.block({ identifier: "a@b.c", connection: "c" });
const snapshot: Snapshot = tenant.snapshot();
tenant.restore(snapshot);
tenant.reset();

// @ts-expect-error An option that there is not.
createTenant({ searchLag: 5 });
// @ts-expect-error A kind of fault that there is not.
tenant.setFaults({ rate: 1, kinds: ["fire"] });
// @ts-expect-error A property that users do not have.
tenant.users.add({ mail: "ada@example.com" });
// @ts-expect-error It is made once.
tenant.url = "";
