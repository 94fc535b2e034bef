import { ManagementClient } from "auth0-users";
import { withAdmin } from "auth0-users/admin";

interface App {
  plan: "free" | "gold";
}

const client = withAdmin(new ManagementClient<App>({ baseUrl: "/admin-api" }));
const user = await client.users.find({ id: "auth0|1" });
const plan: "free" | "gold" | undefined = user?.app_metadata?.plan;
export default [plan, (await client.users.list()).data];

// @ts-expect-error: an id is text
await client.users.find({ id: 42 });
