// A tenant whose users have more than the API names. Compiled, never run.
import { ManagementClient, type User } from "auth0-users";

declare module "auth0-users" {
  interface User<A, U> {
    department?: string;
    "https://example.com/claims"?: { level: number };
  }
}

const client = new ManagementClient({ domain: "tenant.example", token: "token" });
const user: User = await client.users.get("auth0|1");
const department: string | undefined = user.department;
const level: number | undefined = user["https://example.com/claims"]?.level;
const { data } = await client.users.list({ fields: ["user_id", "department"] });
const departments: (string | undefined)[] = data.map((user) => user.department);
// @ts-expect-error not what was declared
void user.departement;

export { department, departments, level };
