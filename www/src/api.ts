// The client of this console, who is signed in, and what they may do. There is no token here: the server has it.
import { ManagementClient, type Management, type OperationName } from "auth0-users";
import { type AdminClient, withAdmin } from "auth0-users/admin";

export type { OperationName };
export type User = Management.User;

/** What there is to choose from in the tenant. */
export interface Directory {
  connections: Connection[];
  roles: { id: string; name: string }[];
  organizations: { id: string; name: string }[];
  resource_servers: { identifier: string; name: string; permissions: string[] }[];
}

export interface Connection {
  id: string;
  name: string;
  /** `auth0` is a database, `email` and `sms` are passwordless. */
  strategy: string;
  enabled: boolean;
  requires_username: boolean;
}

export interface Session {
  operator: string;
  directory: Directory;
  /** May this operator call that method, such as `users.delete`? */
  can: (operation: OperationName) => boolean;
}

const limitWatchers = new Set<() => void>();
let onSessionEnd = () => {};

export const client: AdminClient = withAdmin(
  new ManagementClient({
    baseUrl: "/admin-api",
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (response.status === 401) onSessionEnd();
      return response;
    },
    // The client behind the proxy has repeated what may be repeated.
    maxRetries: 1,
    csrf: async () => (await client.capabilities()).csrf ?? "",
    onRateLimit: () => limitWatchers.forEach((watch) => watch()),
  }),
);
export const { users, userBlocks } = client;

/** Calls back whenever an answer tells how the limit stands; gives the function that ends it. */
export function watchLimit(watch: () => void): () => void {
  limitWatchers.add(watch);
  return () => limitWatchers.delete(watch);
}

/** Calls back when an answer tells that nobody is signed in any more. */
export function watchSessionEnd(watch: () => void): void {
  onSessionEnd = watch;
}

/** Who is signed in; null if nobody is. */
export async function loadSession(): Promise<Session | null> {
  const response = await fetch("/console/session");
  if (!response.ok) throw new Error(`The console's server answers with ${response.status}`);
  const session = (await response.json()) as Omit<Session, "can"> | null;
  if (!session) return null;
  const { operations } = await client.capabilities();
  return { ...session, can: (operation) => operation in operations };
}

/** False if the password is not that of the operator. */
export async function signIn(operator: string, password: string): Promise<boolean> {
  const response = await fetch("/console/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ operator, password }),
  });
  if (response.status !== 401 && !response.ok) throw new Error(`The server answers with ${response.status}`);
  return response.ok;
}

export async function signOut(): Promise<void> {
  await fetch("/console/session", { method: "DELETE" });
}
