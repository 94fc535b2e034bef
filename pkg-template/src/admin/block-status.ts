import type { ManagementClient, RequestOptions, UserBlockIdentifier } from "auth0-users";

import { own } from "../client/objects.ts";
import { checkAnswer, checkId } from "./shared/checks.ts";
import { readAll } from "./shared/reads.ts";

/** The two kinds of block that keep a user from signing in. */
export interface BlockStatus {
  /** Blocked by an administrator: the `blocked` of the user. */
  readonly adminBlocked: boolean;
  /** Blocked after failed logins: a login from an address, or from everywhere where `ip` is absent. */
  readonly bruteForce: readonly UserBlockIdentifier[];
}

/** Implements `users.blockStatus`. */
export async function blockStatus(
  { users, userBlocks }: ManagementClient,
  id: string,
  options?: RequestOptions,
): Promise<BlockStatus> {
  checkId(id);
  const [user, blocks] = await readAll(options, [
    (options) => users.get(id, { fields: ["user_id", "blocked"] }, options),
    (options) => userBlocks.list(id, undefined, options),
  ]);
  checkAnswer(own(user, "user_id") === id, user, "users.get", "about the user");
  return { adminBlocked: own(user, "blocked") === true, bruteForce: blocksOf(blocks) };
}

/** Returns the blocks in an answer. One without a list of them does not say that there are none. */
export function blocksOf(answer: { blocked_for?: UserBlockIdentifier[] }): UserBlockIdentifier[] {
  const blocks = own(answer, "blocked_for");
  checkAnswer(Array.isArray(blocks), answer, "userBlocks.list", "a list of blocks");
  return blocks;
}
