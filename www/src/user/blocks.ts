import { useQuery } from "@tanstack/react-query";
import { userBlocks } from "../api";

/** The lockouts of a user after failed logins, which are not the `blocked` of the user. */
export function useBlocks(id: string) {
  return useQuery({
    queryKey: ["user", id, "blocks"],
    queryFn: async ({ signal }) => (await userBlocks.list(id, {}, { abortSignal: signal })).blocked_for ?? [],
  });
}
