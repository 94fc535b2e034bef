// Look-ups of users and lists.

import { isManagementError } from "./brand.ts";
import { own } from "./objects.ts";

/** Returns whether an error says that there is no such user. Another 404 may come from a gateway, or be about something else. */
export function isNoUser(error: unknown): boolean {
  return isManagementError(error) && error.code === "not_found" && own(error, "errorCode") === "inexistent_user";
}

/** Resolves to the result of a read, or to undefined if there is no such user. */
export async function found<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isNoUser(error)) return undefined;
    throw error;
  }
}

/** Resolves to all items of a list. */
export async function collect<Item>(page: PromiseLike<AsyncIterable<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of await page) items.push(item);
  return items;
}
