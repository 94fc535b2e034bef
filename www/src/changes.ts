// Changes that several views make, with what is shown meanwhile and how they are undone.
import type { QueryClient } from "@tanstack/react-query";
import type { Management } from "auth0-users";
import { type User, users } from "./api";
import { tell, tellFailure } from "./notices";
import { nameOf } from "./ui";
import { unselect } from "./users/selected";

interface UserPage {
  data: User[];
  total: number;
}

/** Shows a user as changed wherever they stand. */
export function showUser(queries: QueryClient, id: string, changes: Partial<User>): void {
  const change = (user: User) => (user.user_id === id ? { ...user, ...changes } : user);
  queries.setQueryData<User>(["user", id], (user) => user && change(user));
  queries.setQueriesData<UserPage>({ queryKey: ["users"] }, (page) => page && { ...page, data: page.data.map(change) });
}

export function forgetUser(queries: QueryClient, id: string): void {
  unselect(id);
  queries.removeQueries({ queryKey: ["user", id] });
  queries.setQueriesData<UserPage>({ queryKey: ["users"] }, (page) => {
    if (!page) return page;
    const data = page.data.filter((user) => user.user_id !== id);
    return { data, total: page.total - (page.data.length - data.length) };
  });
  void queries.invalidateQueries({ queryKey: ["users"] });
}

/** Blocks or unblocks. It is shown at once, and taken back if it fails: nothing else depends on it. */
export async function setBlocked(queries: QueryClient, user: User, blocked: boolean): Promise<void> {
  const id = user.user_id;
  showUser(queries, id, { blocked });
  try {
    showUser(queries, id, await users.update(id, { blocked }));
    const name = nameOf(user);
    const text = blocked ? `${name} is blocked and cannot sign in.` : `${name} is not blocked any more.`;
    tell(text, () => setBlocked(queries, { ...user, blocked }, !blocked));
  } catch (error) {
    showUser(queries, id, { blocked: user.blocked ?? false });
    tellFailure(error, () => queries.invalidateQueries({ queryKey: ["user", id] }));
  }
}

/** Sends changes of a user, and offers those that lead back. */
export async function updateUser(
  queries: QueryClient,
  id: string,
  changes: Management.UpdateUserRequestContent,
  said: string,
  inverse?: Management.UpdateUserRequestContent,
): Promise<void> {
  const updated = await users.update(id, changes);
  queries.setQueryData(["user", id], updated);
  showUser(queries, id, updated);
  const undo = async () => {
    try {
      await updateUser(queries, id, inverse ?? {}, "It is as it was before.");
    } catch (error) {
      tellFailure(error);
    }
  };
  tell(said, inverse && undo);
}
