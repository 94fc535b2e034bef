/** The second factors of a user. */
export interface MfaStatus {
  /** Whether there is a second factor that works. */
  readonly enrolled: boolean;
  readonly hasRecoveryCode: boolean;
  /** All authentication methods, the first factors too. */
  readonly methods: readonly UserAuthenticationMethod[];
  /** What is enrolled with Guardian. */
  readonly enrollments: readonly UsersEnrollment[];
  /** The providers of the older kind, from the `multifactor` of the user. */
  readonly providers: readonly string[];
}

export type MfaResetStep =
  "authenticators" | `method ${string}` | `provider ${string}` | "rememberedBrowsers" | "sessions" | "recoveryCode";

export interface MfaResetRequest extends StepOptions<MfaResetStep> {
  /** Removes passkeys as well, which the user may sign in with. They stay by default. */
  removePasskeys?: boolean;
  /** Makes a new recovery code, in place of removing the one there is. */
  regenerateRecoveryCode?: boolean;
  /** Forgets every browser on which the user need not give a second factor. */
  invalidateRememberedBrowsers?: boolean;
  /** Ends all sessions. */
  revokeSessions?: boolean;
}

export interface MfaResetReport extends StepReport<MfaResetStep> {
  /** What there was before. */
  readonly before: MfaStatus;
  /** The new code, if one was made. Show it once and keep it nowhere. */
  readonly recoveryCode?: string;
}

/** Multi-factor authentication as a whole. */
export interface UserMfaClient {
  /**
   * Reads everything that is a second factor: `GET /users/{id}`, `GET /users/{id}/authentication-methods` and
   * `GET /users/{id}/enrollments`, scopes `read:users` and `read:authentication_methods`.
   *
   * Rejects with status 404 if there is no such user.
   */
  status(id: string, requestOptions?: RequestOptions): Promise<MfaStatus>;

  /**
   * Removes every second factor, so that the user is asked to enroll again: `DELETE /users/{id}/authenticators`,
   * `DELETE /users/{id}/authentication-methods/{authentication_method_id}` for each other method, and
   * `DELETE /users/{id}/multifactor/{provider}` for each provider; then what else is asked for. Scopes those of
   * {@link UserMfaClient.status}, and `delete:guardian_enrollments`, `delete:authentication_methods`, `update:users`, and
   * `delete:sessions` with `revokeSessions`.
   *
   * A step that fails, or whose outcome is unknown, does not keep the others from being done, except that a recovery code is made only if all else
   * succeeded. Rejects if the factors cannot be read.
   */
  reset(id: string, request?: MfaResetRequest, requestOptions?: RequestOptions): Promise<MfaResetReport>;
}

export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  readonly mfa: UserMfaClient;
}
