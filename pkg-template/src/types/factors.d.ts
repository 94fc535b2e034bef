export interface UserAuthenticatorsClient {
  /**
   * Removes all one-time passwords, emails, phones and push devices of a user.
   *
   * `DELETE /users/{id}/authenticators` · `delete:guardian_enrollments` or `remove:authenticators` · immediate · idempotent
   */
  deleteAll(id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;
}

/** A factor that a user has enrolled with Guardian. */
export interface UsersEnrollment {
  id?: string;
  status?: UserEnrollmentStatusEnum;
  type?: string;
  name?: string;
  identifier?: string;
  phone_number?: string;
  auth_method?: UserEnrollmentAuthMethodEnum;
  /** ISO 8601. */
  enrolled_at?: string;
  /** ISO 8601. */
  last_auth?: string;
}

export type UserEnrollmentStatusEnum = Open<"pending" | "confirmed">;
export type UserEnrollmentAuthMethodEnum = Open<
  "authenticator" | "guardian" | "sms" | "webauthn-platform" | "webauthn-roaming"
>;

export interface UserEnrollmentsClient {
  /**
   * Reads the confirmed enrollments of a user.
   *
   * Resolves to an empty array if there is none. `read:current_user` is for one's own. Rejects with status 404 if there
   * is no such user.
   *
   * `GET /users/{id}/enrollments` · `read:users` or `read:current_user` · immediate · idempotent
   */
  get(id: string, requestOptions?: RequestOptions): HttpResponsePromise<UsersEnrollment[]>;
}

export type UserMultifactorProviderEnum = Open<"duo" | "google-authenticator">;

export interface UserMultifactorClient {
  /**
   * Forgets every browser on which the user need not give a second factor.
   *
   * `POST /users/{id}/multifactor/actions/invalidate-remember-browser` · `update:users` · immediate · sent once, though
   * idempotent
   */
  invalidateRememberBrowser(id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;

  /**
   * Takes a multi-factor provider of the older kind from a user.
   *
   * Succeeds too if the user does not have it. Rejects with status 404 if there is no such user.
   *
   * `DELETE /users/{id}/multifactor/{provider}` · `update:users` · immediate · idempotent
   */
  deleteProvider(
    id: string,
    provider: UserMultifactorProviderEnum,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<void>;
}

export interface ClearAssessorsRequestContent {
  /** The name of the connection. */
  connection: string;
  /** At least one. */
  assessors: readonly AssessorsTypeEnum[];
}

export type AssessorsTypeEnum = Open<"new-device">;

export interface UserRiskAssessmentsClient {
  /**
   * Forgets what an assessment of risk knows of a user in a connection, such as the devices.
   *
   * `POST /users/{id}/risk-assessments/clear` · `update:users` · immediate · sent once, though idempotent
   */
  clear(id: string, request: ClearAssessorsRequestContent, requestOptions?: RequestOptions): HttpResponsePromise<void>;
}
