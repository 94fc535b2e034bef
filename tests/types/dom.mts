// What the DOM has fits, though the declarations do not ask for its types. Compiled, never run.
import { ManagementClient } from "auth0-users";
import { createProxy } from "auth0-users/proxy";
import { init, ManagementClient as SlimClient } from "auth0-users/slim";

const client = new ManagementClient({ baseUrl: "/admin-api", fetch });
new ManagementClient({ baseUrl: "/admin-api", fetch: (url, init) => fetch(url, { ...init, cache: "no-store" }) });

const abort = new AbortController();
await client.users.get("auth0|1", {}, { abortSignal: abort.signal });
await client.users.get("auth0|1", {}, { abortSignal: AbortSignal.any([abort.signal, AbortSignal.timeout(1000)]) });

const file = new File(["[]"], "users.json");
await client.jobs.usersImports.create({ users: file, connection_id: "con_0000000000000001" });
await client.jobs.usersImports.create({ users: new Blob(["[]"]), connection_id: "con_0000000000000001" });

await client.jobs.usersImports.create({ users: file.stream(), connection_id: "con_0000000000000001" });
await client.jobs.usersImports.create({ users: new Response("[]"), connection_id: "con_0000000000000001" });

const bytes = await (await fetch("users.wasm")).arrayBuffer();
init(bytes);
init(new Uint8Array(bytes));
init(await WebAssembly.compile(bytes));
new SlimClient({ baseUrl: "/admin-api" });

const proxy = createProxy({
  client,
  authorize: (request: Request) => request.headers.get("x-user"),
  allow: {},
  csrf: false,
});
const handler: (request: Request) => Promise<Response> = proxy;
export const GET = handler;
export default { fetch: proxy };
