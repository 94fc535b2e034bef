import type { ManagementClient, RequestOptions } from "auth0-users";

import { own } from "../client/objects.ts";
import { collect } from "../client/lookups.ts";
import { checkId, checkRequest } from "./shared/checks.ts";
import { readAll, sharedDeadline } from "./shared/reads.ts";
import { type PlannedStep, runSteps, type StepOptions, type StepReport } from "./shared/steps.ts";

export type SignOutStep = "block" | "revokeAccess" | "sessions" | "refreshTokens" | "verify";

export interface SignOutRequest extends StepOptions<SignOutStep> {
  /** Blocks the user first, so that no new sign-in happens. */
  block?: boolean;
}

export interface SignOutReport extends StepReport<SignOutStep> {
  /**
   * The number of sessions and refresh tokens when the step `verify` looked, or at the time of a dry run. The server ends
   * sessions some time after it says so, so this may not be 0 yet; absent if `verify` failed.
   */
  readonly remaining?: { readonly sessions: number; readonly refreshTokens: number };
}

/** Implements `users.signOutEverywhere`. */
export async function signOutEverywhere(
  client: ManagementClient,
  id: string,
  given: SignOutRequest = {},
  options?: RequestOptions,
): Promise<SignOutReport> {
  checkId(id);
  const request = checkRequest(given, ["block", "dryRun", "onProgress"]);
  const { users } = client;
  const callOptions = sharedDeadline(options);
  const user = await users.get(id, { fields: ["user_id", "blocked"] }, callOptions());
  const plan: PlannedStep<SignOutStep>[] = [
    { name: "revokeAccess", run: () => users.revokeAccess(id, undefined, callOptions()) },
    { name: "sessions", run: () => users.sessions.delete(id, callOptions()) },
    { name: "refreshTokens", run: () => users.refreshToken.delete(id, callOptions()) },
  ];
  if (request.block) {
    // First, so that no new sign-in happens while the rest is done.
    plan.unshift({
      name: "block",
      reason: own(user, "blocked") ? "the user is blocked already" : undefined,
      run: async () => void (await users.update(id, { blocked: true }, callOptions())),
    });
  }
  let remaining: SignOutReport["remaining"];
  const verify = async () => void (remaining = await signedIn(client, id, callOptions()));
  if (request.dryRun) await verify();
  else plan.push({ name: "verify", run: verify });
  const report = await runSteps(plan, request, options);
  return { ...report, ...(remaining && { remaining }) };
}

/** Counts what is signed in as a user. */
async function signedIn({ users }: ManagementClient, id: string, options: RequestOptions | undefined) {
  const [sessions, refreshTokens] = await readAll(options, [
    (options) => collect(users.sessions.list(id, { take: 100 }, options)),
    (options) => collect(users.refreshToken.list(id, { take: 100 }, options)),
  ]);
  return { sessions: sessions.length, refreshTokens: refreshTokens.length };
}
