// What the page of a user shows: read in one call at first, and each part again by itself.
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BlockStatus, UserParts } from "auth0-users/admin";
import { type User, users } from "../api";
import { showUser } from "../changes";

/** The lists that belong to a user, all pages of each. */
type Lists = Pick<
  UserParts,
  "authenticationMethods" | "organizations" | "permissions" | "refreshTokens" | "roles" | "sessions"
>;

const SECTIONS = [
  "user",
  "blocks",
  "authenticationMethods",
  "roles",
  "permissions",
  "organizations",
  "sessions",
  "refreshTokens",
] as const;

/** What could not be read stays so until somebody asks for it again. */
const keepFailure = { retryOnMount: false } as const;

/** A user, and with the first reading what belongs to them; a part that cannot be read does not keep back the others. */
export function useUser(id: string) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["user", id],
    queryFn: async ({ signal }): Promise<User> => {
      const options = { abortSignal: signal };
      if (queries.getQueryData(["user", id])) return users.get(id, {}, options);
      const { user, ...parts } = await users.overview(id, { sections: SECTIONS }, options);
      if (user.status === "failed") throw user.error;
      for (const [name, part] of Object.entries(parts)) {
        // A list that goes on is read whole when it is looked at.
        if (!part.hasMore) await keep(queries, ["user", id, name], part);
      }
      return user.data;
    },
  });
}

/** Has the cache hold what came of reading a part. */
function keep(queries: QueryClient, queryKey: string[], part: { data?: unknown; error?: unknown }): Promise<void> {
  const queryFn = () => (part.error === undefined ? part.data : Promise.reject(part.error));
  return queries.prefetchQuery({ queryKey, queryFn, staleTime: 0 });
}

export function useList<Name extends keyof Lists>(id: string, name: Name) {
  return useQuery<Lists[Name]>({
    ...keepFailure,
    queryKey: ["user", id, name],
    queryFn: async ({ signal }) => {
      for await (const user of users.hydrate([id], [name], { abortSignal: signal })) {
        if (user.status === "ok") return user.data[name];
        if ("error" in user) throw user.error;
      }
      throw new Error(`${name} of ${id} were not read`);
    },
  });
}

/** The lockouts of a user after failed logins, which are not the `blocked` of the user; that is read with them. */
export function useBlocks(id: string) {
  const queries = useQueryClient();
  return useQuery<BlockStatus["bruteForce"]>({
    ...keepFailure,
    queryKey: ["user", id, "blocks"],
    queryFn: async ({ signal }) => {
      const { adminBlocked, bruteForce } = await users.blockStatus(id, { abortSignal: signal });
      showUser(queries, id, { blocked: adminBlocked });
      return bruteForce;
    },
  });
}
