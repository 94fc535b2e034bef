import type { ManagementClient, RequestOptions, UserAuthenticationMethod, UsersEnrollment } from "auth0-users";

import { own } from "../client/objects.ts";
import { collect } from "../client/lookups.ts";
import { checkId } from "./shared/checks.ts";
import { readAll } from "./shared/reads.ts";

/** The second factors of a user. */
export interface MfaStatus {
  /** Whether there is a second factor that works. */
  readonly enrolled: boolean;
  readonly hasRecoveryCode: boolean;
  /** All authentication methods, including first factors. */
  readonly methods: readonly UserAuthenticationMethod[];
  /** The enrollments with Guardian. */
  readonly enrollments: readonly UsersEnrollment[];
  /** The providers of the older kind, from the `multifactor` of the user. */
  readonly providers: readonly string[];
}

/** The types of methods that are not a second factor. */
const notFactors = ["password", "passkey", "recovery-code", "email-verification"];

/** Implements `users.mfa.status`. */
export async function status({ users }: ManagementClient, id: string, options?: RequestOptions): Promise<MfaStatus> {
  checkId(id);
  const [user, methods, enrollments] = await readAll(options, [
    (options) => users.get(id, { fields: ["user_id", "multifactor"] }, options),
    (options) => collect(users.authenticationMethods.list(id, { per_page: 100 }, options)),
    (options) => users.enrollments.get(id, options),
  ]);
  const providers = own(user, "multifactor") ?? [];
  return {
    enrolled: methods.some(isWorkingFactor) || Boolean(enrollments.length) || Boolean(providers.length),
    hasRecoveryCode: methods.some((method) => own(method, "type") === "recovery-code"),
    methods,
    enrollments,
    providers,
  };
}

function isWorkingFactor(method: UserAuthenticationMethod): boolean {
  return !notFactors.includes(own(method, "type")) && own(method, "confirmed") !== false;
}
