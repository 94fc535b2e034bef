import type { ManagementClient, RequestOptions } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { type BlockStatus, blockStatus } from "./block-status.ts";
import { checkId, checkRequest } from "./shared/checks.ts";
import { sharedDeadline } from "./shared/reads.ts";
import { type PlannedStep, runSteps, type StepOptions, type StepReport } from "./shared/steps.ts";

type UnblockStep = "admin" | "bruteForce";

export interface UnblockRequest extends StepOptions<"admin" | "bruteForce"> {
  /** Lifts the block of an administrator. */
  admin?: boolean;
  /** Lifts the blocks after failed logins. */
  bruteForce?: boolean;
}

export interface UnblockReport extends StepReport<"admin" | "bruteForce"> {
  /** The blocks before. */
  readonly before: BlockStatus;
}

/** Implements `users.unblock`. */
export async function unblock(
  client: ManagementClient,
  id: string,
  given: UnblockRequest,
  options?: RequestOptions,
): Promise<UnblockReport> {
  checkId(id);
  const request = checkRequest(given, ["admin", "bruteForce", "dryRun", "onProgress"]);
  const { admin, bruteForce } = request;
  check(admin || bruteForce, "request must say which block to lift: { admin: true }, { bruteForce: true }, or both");
  const callOptions = sharedDeadline(options);
  const before = await blockStatus(client, id, callOptions());
  const plan: PlannedStep<UnblockStep>[] = [];
  if (admin) {
    plan.push({
      name: "admin",
      reason: before.adminBlocked ? undefined : "no administrator has blocked the user",
      run: async () => void (await client.users.update(id, { blocked: false }, callOptions())),
    });
  }
  if (bruteForce) {
    plan.push({
      name: "bruteForce",
      reason: before.bruteForce.length ? undefined : "nothing is blocked after failed logins",
      run: () => client.userBlocks.delete(id, callOptions()),
    });
  }
  return { ...(await runSteps(plan, request, options)), before };
}
