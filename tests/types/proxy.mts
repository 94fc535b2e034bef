// The proxy, as programs are written with it. Compiled, never run.
import { ManagementClient } from "auth0-users";
import {
  createProxy,
  toNodeHandler,
  type Allow,
  type AuditEvent,
  type AuditOutcome,
  type Capabilities,
  type ProxyHandler,
} from "auth0-users/proxy";

interface Admin {
  id: string;
  team: "support" | "security";
}
const client = new ManagementClient({ domain: "tenant.example", token: "token" });
const support: Allow = {
  "users.list": true,
  "users.get": { response: ["user_id", "email"], secrets: ["access_token"] },
  "users.update": { fields: ["blocked"] },
  "users.delete": false,
};

const proxy: ProxyHandler = createProxy({
  client,
  authorize: async (request): Promise<Admin | null> =>
    request.headers.get("cookie") ? { id: "ana", team: "support" } : null,
  allow: ({ team }) => (team === "support" ? support : { ...support, "users.delete": true }),
  csrf: (_request, actor) => actor.id,
  origins: ["https://admin.example"],
  onAudit(event: AuditEvent) {
    const who: string | null = event.actor;
    const outcome: AuditOutcome = event.outcome;
    const roles: readonly string[] = event.related.roles ?? [];
    return [who, event.target["id"], event.time, outcome, roles, event.fields.join(), event.requestId];
  },
});
createProxy({ domain: "tenant.example", token: async () => "t", authorize: () => "ana", allow: {}, csrf: false });
createProxy({ domain: "t.example", clientId: "a", clientSecret: "b", authorize: () => null, allow: {}, csrf: false });
createProxy({
  client,
  authorize: () => "a",
  allow: {},
  csrf: false,
  origins: async (origin) => origin === "https://a",
});
createProxy({
  client,
  authorize: () => "a",
  allow: {},
  csrf: false,
  origins: (_, request) => request.headers.get("a") !== null,
});
toNodeHandler(proxy);

const told = {} as Capabilities;
const rule = told.operations["users.update"];
if (rule !== undefined && rule !== true) {
  const fields: readonly string[] | undefined = rule.fields;
  void fields;
}

// @ts-expect-error no such operation
createProxy({ client, authorize: () => "ana", allow: { "users.lst": true }, csrf: false });
// @ts-expect-error no such option
createProxy({ client, authorize: () => "ana", allow: { "users.update": { feilds: [] } }, csrf: false });
// @ts-expect-error a limit has names
createProxy({ client, authorize: () => "ana", allow: { "users.update": { fields: null } }, csrf: false });
// @ts-expect-error a function of origins decides, and gives no list
createProxy({ client, authorize: () => "ana", allow: {}, csrf: false, origins: () => ["https://a.example"] });
// @ts-expect-error csrf has to be said
createProxy({ client, authorize: () => "ana", allow: {} });
// @ts-expect-error an actor has an id
createProxy({ client, authorize: () => ({ name: "ana" }), allow: {}, csrf: false });
// @ts-expect-error a client has its token already
createProxy({ client, token: "t", authorize: () => "ana", allow: {}, csrf: false });
// @ts-expect-error neither a client nor a tenant
createProxy({ authorize: () => "ana", allow: {}, csrf: false });
