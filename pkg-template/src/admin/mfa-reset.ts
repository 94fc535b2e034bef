import type { ManagementClient, RequestOptions, UserAuthenticationMethod } from "auth0-users";

import { isManagementError } from "../client/brand.ts";
import { own } from "../client/objects.ts";
import { collect, isNoUser } from "../client/lookups.ts";
import { type MfaStatus, status } from "./mfa-status.ts";
import { checkId, checkRequest } from "./shared/checks.ts";
import { sharedDeadline } from "./shared/reads.ts";
import { type PlannedStep, runSteps, type StepOptions, type StepReport } from "./shared/steps.ts";

export type MfaResetStep =
  "authenticators" | `method ${string}` | `provider ${string}` | "rememberedBrowsers" | "sessions" | "recoveryCode";

export interface MfaResetRequest extends StepOptions<MfaResetStep> {
  /** Removes passkeys as well, which the user may sign in with. They stay by default. */
  removePasskeys?: boolean;
  /** Makes a new recovery code instead of removing the existing one. */
  regenerateRecoveryCode?: boolean;
  /** Invalidates every browser on which the user need not give a second factor. */
  invalidateRememberedBrowsers?: boolean;
  /** Ends all sessions. */
  revokeSessions?: boolean;
}

export interface MfaResetReport extends StepReport<MfaResetStep> {
  /** The second factors before. */
  readonly before: MfaStatus;
  /** The new code, if one was made. Show it once and keep it nowhere. */
  readonly recoveryCode?: string;
}

/** The types of methods that `DELETE /users/{id}/authenticators` removes in one call. */
const authenticators = ["totp", "push", "email", "phone", "guardian"];

/** Implements `users.mfa.reset`. */
export async function reset(
  client: ManagementClient,
  id: string,
  given: MfaResetRequest = {},
  options?: RequestOptions,
): Promise<MfaResetReport> {
  checkId(id);
  const switches = ["removePasskeys", "regenerateRecoveryCode", "invalidateRememberedBrowsers", "revokeSessions"];
  const request = checkRequest(given, [...switches, "dryRun", "onProgress"]);
  const { removePasskeys, regenerateRecoveryCode, invalidateRememberedBrowsers, revokeSessions } = request;
  const { users } = client;
  const callOptions = sharedDeadline(options);
  const before = await status(client, id, callOptions());
  const { methods, enrollments, providers } = before;

  const kept = ["password", "email-verification"];
  if (!removePasskeys) kept.push("passkey");
  // A new code voids the old one by itself.
  if (regenerateRecoveryCode) kept.push("recovery-code");
  const isOfAll = (method: UserAuthenticationMethod) => authenticators.includes(own(method, "type"));
  const plan: PlannedStep<MfaResetStep>[] = [
    {
      name: "authenticators",
      reason: enrollments.length || methods.some(isOfAll) ? undefined : "the user has none",
      run: () => users.authenticators.deleteAll(id, callOptions()),
    },
  ];
  for (const method of methods) {
    if (kept.includes(own(method, "type")) || isOfAll(method)) continue;
    plan.push({
      name: `method ${own(method, "id")}`,
      run: () => removeMethod(users, id, own(method, "id"), callOptions),
    });
  }
  for (const provider of providers) {
    plan.push({
      name: `provider ${provider}`,
      run: () => users.multifactor.deleteProvider(id, provider, callOptions()),
    });
  }
  if (invalidateRememberedBrowsers) {
    plan.push({
      name: "rememberedBrowsers",
      run: () => users.multifactor.invalidateRememberBrowser(id, callOptions()),
    });
  }
  if (revokeSessions) plan.push({ name: "sessions", run: () => users.sessions.delete(id, callOptions()) });
  let recoveryCode: string | undefined;
  if (regenerateRecoveryCode) {
    plan.push({
      name: "recoveryCode",
      // Last, and only if all else is done: repeating the call must not void a code that was given out.
      after: plan.map(({ name }) => name),
      async run() {
        try {
          recoveryCode = own(await users.regenerateRecoveryCode(id, callOptions()), "recovery_code");
          return undefined;
        } catch (error) {
          // The API has no errorCode for this.
          if (!isNotFound(error) || own(error, "errorCode") !== undefined) throw error;
          return "the user has nothing that a code could stand in for";
        }
      },
    });
  }
  const report = await runSteps(plan, request, options);
  return { ...report, before, ...(recoveryCode !== undefined && { recoveryCode }) };
}

const isNotFound = (error: unknown) => isManagementError(error) && error.code === "not_found";

/** Removes a method. Another program may have removed it since it was listed: a new list proves that it is gone. */
async function removeMethod(
  { authenticationMethods }: ManagementClient["users"],
  id: string,
  methodId: string,
  callOptions: () => RequestOptions | undefined,
): Promise<void> {
  try {
    await authenticationMethods.delete(id, methodId, callOptions());
  } catch (error) {
    if (!isNotFound(error) || isNoUser(error)) throw error;
    const methods = await collect(authenticationMethods.list(id, { per_page: 100 }, callOptions()));
    if (methods.some((method) => own(method, "id") === methodId)) throw error;
  }
}
