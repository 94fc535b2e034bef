// The second factors of a user, which the API keeps in three places.

import { isManagementError } from "auth0-users";

import { checkId, own } from "./check.ts";
import { isNoUser } from "./find.ts";
import { checkRequest, everything, runSteps, shared, together } from "./steps.ts";

/** Methods that are not a second factor. */
const firstFactors = ["password", "passkey"];
/** What `DELETE /users/{id}/authenticators` removes in one call. */
const authenticators = ["totp", "push", "email", "phone", "guardian"];

export async function status({ users }, id, options) {
  checkId(id);
  const [user, methods, enrollments] = await together(options, [
    (left) => users.get(id, { fields: ["user_id", "multifactor"] }, left),
    (left) => everything(users.authenticationMethods.list(id, { per_page: 100 }, left)),
    (left) => users.enrollments.get(id, left),
  ]);
  const providers = own(user, "multifactor") ?? [];
  const isFactor = (method) => ![...firstFactors, "recovery-code", "email-verification"].includes(own(method, "type"));
  return {
    enrolled:
      methods.some((method) => isFactor(method) && own(method, "confirmed") !== false) ||
      Boolean(enrollments.length) ||
      Boolean(providers.length),
    hasRecoveryCode: methods.some((method) => own(method, "type") === "recovery-code"),
    methods,
    enrollments,
    providers,
  };
}

const isNotFound = (error) => isManagementError(error) && error.code === "not_found";

/** Removes a method, which another program may have removed since it was listed: a new list proves that it is gone. */
async function removeMethod({ authenticationMethods }, id, method, left) {
  try {
    await authenticationMethods.delete(id, own(method, "id"), left());
  } catch (error) {
    if (!isNotFound(error) || isNoUser(error)) throw error;
    const methods = await everything(authenticationMethods.list(id, { per_page: 100 }, left()));
    if (methods.some((one) => own(one, "id") === own(method, "id"))) throw error;
  }
}

export async function reset(client, id, request = { __proto__: null }, options) {
  checkId(id);
  const switches = ["removePasskeys", "regenerateRecoveryCode", "invalidateRememberedBrowsers", "revokeSessions"];
  const asked = checkRequest(request, [...switches, "dryRun", "onProgress"]);
  const { removePasskeys, regenerateRecoveryCode, invalidateRememberedBrowsers, revokeSessions } = asked;
  const { users } = client;
  const left = shared(options);
  const before = await status(client, id, left());
  const { methods, enrollments, providers } = before;

  const kept = ["password", "email-verification"];
  if (!removePasskeys) kept.push("passkey");
  // A new code voids the old one by itself.
  if (regenerateRecoveryCode) kept.push("recovery-code");
  const isOfAll = (method) => authenticators.includes(own(method, "type"));
  const plan = [
    {
      name: "authenticators",
      reason: enrollments.length || methods.some(isOfAll) ? undefined : "the user has none",
      run: () => users.authenticators.deleteAll(id, left()),
    },
  ];
  for (const method of methods) {
    if (kept.includes(own(method, "type")) || isOfAll(method)) continue;
    plan.push({
      name: `method ${own(method, "id")}`,
      run: () => removeMethod(users, id, method, left),
    });
  }
  for (const provider of providers) {
    plan.push({
      name: `provider ${provider}`,
      run: () => users.multifactor.deleteProvider(id, provider, left()),
    });
  }
  if (invalidateRememberedBrowsers) {
    plan.push({
      name: "rememberedBrowsers",
      run: () => users.multifactor.invalidateRememberBrowser(id, left()),
    });
  }
  if (revokeSessions) plan.push({ name: "sessions", run: () => users.sessions.delete(id, left()) });
  let recoveryCode;
  if (regenerateRecoveryCode) {
    plan.push({
      name: "recoveryCode",
      // Last, and only if all else is done: who has to do it again must not void a code that was given out.
      after: plan.map(({ name }) => name),
      async run() {
        try {
          recoveryCode = own(await users.regenerateRecoveryCode(id, left()), "recovery_code");
        } catch (error) {
          // The API has no errorCode for this.
          if (!isNotFound(error) || own(error, "errorCode") !== undefined) throw error;
          return "the user has nothing that a code could stand in for";
        }
      },
    });
  }
  return { ...(await runSteps(plan, asked, options)), before, recoveryCode };
}
