// The proxy, as programs are written with it. Compiled, never run.
import { ManagementClient } from "auth0-users";
import {
  createProxy,
  toNodeHandler,
  type Allow,
  type AuditEvent,
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
    return [who, event.target["id"]];
  },
});
createProxy({ domain: "tenant.example", token: async () => "t", authorize: () => "ana", allow: {}, csrf: false });
createProxy({ domain: "t.example", clientId: "a", clientSecret: "b", authorize: () => null, allow: {}, csrf: false });
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
// @ts-expect-error csrf has to be said
createProxy({ client, authorize: () => "ana", allow: {} });
// @ts-expect-error an actor has an id
createProxy({ client, authorize: () => ({ name: "ana" }), allow: {}, csrf: false });
// @ts-expect-error a client has its token already
createProxy({ client, token: "t", authorize: () => "ana", allow: {}, csrf: false });
// @ts-expect-error neither a client nor a tenant
createProxy({ authorize: () => "ana", allow: {}, csrf: false });
