import { ManagementClient } from "auth0-users";
import { bulk, ndjson, withAdmin } from "auth0-users/admin";

interface App {
  plan: "free" | "gold";
}

const client = withAdmin(new ManagementClient<App>({ baseUrl: "/admin-api" }));
const user = await client.users.find({ id: "auth0|1" });
const plan: "free" | "gold" | undefined = user?.app_metadata?.plan;
export default [plan, (await client.users.list()).data];

// @ts-expect-error: an id is text
await client.users.find({ id: 42 });

const blocked = bulk(["auth0|1"], (id, options) => client.users.update(id, { blocked: true }, options), {
  concurrency: "auto",
  journal: { append: async (_line: string) => {}, read: () => "" },
});
for await (const result of blocked) {
  if (result.status === "ok") {
    const name: string | undefined = result.data.name;
    const id: string = result.item;
    use(name, id);
  } else if (result.status === "failed") {
    const error: unknown = result.error;
    use(error);
  }
}
for await (const result of client.users.hydrate(["auth0|1"], ["roles", "profile"])) {
  if (result.status !== "ok") continue;
  const role: string | undefined = result.data.roles[0]?.name;
  const shape: "free" | "gold" | undefined = result.data.profile.app_metadata?.plan;
  use(role, shape);
  // @ts-expect-error: it was not asked for
  use(result.data.sessions);
}
// @ts-expect-error: there is no such part
client.users.hydrate(["auth0|1"], ["rolls"]);
for await (const user of ndjson<{ email: string }>(new TextStream())) use(user.email);

declare function use(...values: unknown[]): void;
declare class TextStream implements AsyncIterable<string> {
  [Symbol.asyncIterator](): AsyncIterator<string>;
}
