// May a user sign in, and what to do about it: both kinds of block, and everything that is signed in.

import { check, checked, checkId, own } from "./check.ts";
import { checkRequest, everything, runSteps, shared, together } from "./steps.ts";

/** Returns the blocks in an answer. One without a list of them does not say that there are none. */
export function blocksOf(answer) {
  const blocks = own(answer, "blocked_for");
  checked(Array.isArray(blocks), answer, "userBlocks.list", "a list of blocks");
  return blocks;
}

export async function blockStatus({ users, userBlocks }, id, options) {
  checkId(id);
  const [user, blocks] = await together(options, [
    (left) => users.get(id, { fields: ["user_id", "blocked"] }, left),
    (left) => userBlocks.list(id, undefined, left),
  ]);
  checked(own(user, "user_id") === id, user, "users.get", "about the user");
  return { adminBlocked: own(user, "blocked") === true, bruteForce: blocksOf(blocks) };
}

export async function unblock(client, id, request, options) {
  checkId(id);
  const asked = checkRequest(request, ["admin", "bruteForce", "dryRun", "onProgress"]);
  const { admin, bruteForce } = asked;
  check(admin || bruteForce, "request must say which block to lift: { admin: true }, { bruteForce: true }, or both");
  const left = shared(options);
  const before = await blockStatus(client, id, left());
  const plan = [];
  if (admin) {
    plan.push({
      name: "admin",
      reason: before.adminBlocked ? undefined : "no administrator has blocked the user",
      run: async () => void (await client.users.update(id, { blocked: false }, left())),
    });
  }
  if (bruteForce) {
    plan.push({
      name: "bruteForce",
      reason: before.bruteForce.length ? undefined : "nothing is blocked after failed logins",
      run: () => client.userBlocks.delete(id, left()),
    });
  }
  return { ...(await runSteps(plan, asked, options)), before };
}

/** What is signed in as a user. */
async function signedIn({ users }, id, options) {
  const [sessions, refreshTokens] = await together(options, [
    (own) => everything(users.sessions.list(id, { take: 100 }, own)),
    (own) => everything(users.refreshToken.list(id, { take: 100 }, own)),
  ]);
  return { sessions: sessions.length, refreshTokens: refreshTokens.length };
}

export async function signOutEverywhere(client, id, request = { __proto__: null }, options) {
  checkId(id);
  const asked = checkRequest(request, ["block", "dryRun", "onProgress"]);
  const { users } = client;
  const left = shared(options);
  const user = await users.get(id, { fields: ["user_id", "blocked"] }, left());
  const plan = [
    { name: "revokeAccess", run: () => users.revokeAccess(id, undefined, left()) },
    { name: "sessions", run: () => users.sessions.delete(id, left()) },
    { name: "refreshTokens", run: () => users.refreshToken.delete(id, left()) },
  ];
  if (asked.block) {
    // First, so that nobody signs in while the rest is done.
    plan.unshift({
      name: "block",
      reason: own(user, "blocked") ? "the user is blocked already" : undefined,
      run: async () => void (await users.update(id, { blocked: true }, left())),
    });
  }
  let remaining;
  const verify = async () => void (remaining = await signedIn(client, id, left()));
  if (asked.dryRun) await verify();
  else plan.push({ name: "verify", run: verify });
  return { ...(await runSteps(plan, asked, options)), remaining };
}
