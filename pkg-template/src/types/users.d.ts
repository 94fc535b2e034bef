/**
 * A user of the tenant.
 *
 * A profile may hold more than is named here. Declare what yours hold:
 *
 * ```ts
 * declare module "auth0-users" {
 *   interface User<A, U> {
 *     department?: string;
 *   }
 * }
 * ```
 */
export interface User<A = Metadata, U = Metadata> {
  /** The id with its provider, such as `auth0|507f1f77bcf86cd799439020`. */
  user_id: string;
  /** In lower case where Auth0's own database keeps it, as given elsewhere. */
  email?: string;
  email_verified?: boolean;
  username?: string;
  phone_number?: string;
  phone_verified?: boolean;
  /** ISO 8601. */
  created_at?: string;
  /** ISO 8601. */
  updated_at?: string;
  /** The accounts linked to this user, the primary one first. */
  identities?: UserIdentitySchema[];
  app_metadata?: A;
  user_metadata?: U;
  picture?: string;
  name?: string;
  nickname?: string;
  /** The enrolled multi-factor providers. */
  multifactor?: string[];
  /** ISO 8601. */
  multifactor_last_modified?: string;
  last_ip?: string;
  /** ISO 8601; absent until the first login. */
  last_login?: string;
  /** ISO 8601; users in a database only. */
  last_password_reset?: string;
  /** Absent until the first login. */
  logins_count?: number;
  /** Blocked by an administrator. Blocks after failed logins are another thing. */
  blocked?: boolean;
  given_name?: string;
  family_name?: string;
}

export type AppMetadata = Metadata;
export type UserAppMetadataSchema = Metadata;
export type UserMetadata = Metadata;
export type UserMetadataSchema = Metadata;
export type UserResponseSchema<A = Metadata, U = Metadata> = User<A, U>;
export type GetUserResponseContent<A = Metadata, U = Metadata> = User<A, U>;
export type CreateUserResponseContent<A = Metadata, U = Metadata> = User<A, U>;
export type UpdateUserResponseContent<A = Metadata, U = Metadata> = User<A, U>;

export interface GetUserRequestParameters<
  F extends FieldNames = FieldList<User>,
  I extends Flag = Flag,
> extends FieldsParameters<F, I> {}

export interface ListUsersRequestParameters<
  F extends FieldNames = FieldList<User>,
  I extends Flag = Flag,
  T extends Flag = Flag,
>
  extends OffsetParameters<T>, FieldsParameters<F, I> {
  /** A field, a colon, and `1` (up) or `-1` (down). Metadata cannot be sorted by. */
  sort?: SortOrder | null;
  /** With search engine `v1` only. */
  connection?: string | null;
  /** The query, in Lucene syntax, such as `email:"ana@example.com"`. */
  q?: string | String | null;
  search_engine?: SearchEngineVersionsEnum | null;
  /** Whether matches come in a fixed order; they do by default. */
  primary_order?: boolean | null;
}

export type SearchEngineVersionsEnum = Open<"v1" | "v2" | "v3">;

export interface ListUsersByEmailRequestParameters<
  F extends FieldNames = FieldList<User>,
  I extends Flag = Flag,
> extends FieldsParameters<F, I> {
  email: string;
}

export interface ListUsersOffsetPaginatedResponseContent<T = User> {
  start: number;
  limit: number;
  length: number;
  /** How many there are; a search counts no further than 1,000. */
  total: number;
  users: T[];
}

interface UserAttributes<A, U> {
  blocked?: boolean;
  email_verified?: boolean;
  phone_verified?: boolean;
  /** Whether a verification mail is sent, whatever `email_verified` says. */
  verify_email?: boolean;
  app_metadata?: A;
  user_metadata?: U;
}

export interface CreateUserRequestContent<A = Metadata, U = Metadata> extends UserAttributes<A, U> {
  /** The name of the connection, not its id. */
  connection: string;
  email?: string;
  /** Digits after a `+`, at most 15. */
  phone_number?: string;
  given_name?: string;
  family_name?: string;
  name?: string;
  nickname?: string;
  picture?: string;
  /** The id without its provider; made up by the server by default. */
  user_id?: string;
  password?: string;
  username?: string;
}

type Nullable<T> = { [K in keyof T]?: T[K] | null };

/** Changes: what is absent stays, null unsets. */
export interface UpdateUserRequestContent<A = Metadata, U = Metadata> extends Omit<
  UserAttributes<A, U>,
  "app_metadata" | "user_metadata"
> {
  email?: string | null;
  phone_number?: string | null;
  given_name?: string | null;
  family_name?: string | null;
  name?: string | null;
  nickname?: string | null;
  picture?: string | null;
  username?: string | null;
  /** A new password also lifts an administrator's block. */
  password?: string | null;
  verify_phone_number?: boolean;
  /** The connection of the secondary identity whose email, phone number, user name or password is to change. */
  connection?: string;
  /** The application that a mail or message is sent for; only with `email` or `phone_number`. */
  client_id?: string;
  /** Merged on the first level: objects inside are replaced whole, null removes a key, `{}` removes all. */
  app_metadata?: Nullable<A>;
  /** Merged on the first level: objects inside are replaced whole, null removes a key, `{}` removes all. */
  user_metadata?: Nullable<U>;
}

export interface RegenerateUsersRecoveryCodeResponseContent {
  /** 24 letters and digits. Show it once and keep it nowhere. */
  recovery_code: string;
}

export interface RevokeUserAccessRequestContent {
  /** One session instead of all. */
  session_id?: string;
  /** Whether refresh tokens stay valid; they do not by default. */
  preserve_refresh_tokens?: boolean;
}

export interface UsersClient<A extends object = Metadata, U extends object = Metadata> {
  readonly authenticationMethods: UserAuthenticationMethodsClient;
  readonly authenticators: UserAuthenticatorsClient;
  readonly connectedAccounts: UserConnectedAccountsClient;
  readonly effectivePermissions: UserEffectivePermissionsClient;
  readonly effectiveRoles: UserEffectiveRolesClient;
  readonly enrollments: UserEnrollmentsClient;
  readonly groups: UserGroupsClient;
  readonly identities: UserIdentitiesClient;
  readonly logs: UserLogsClient;
  readonly multifactor: UserMultifactorClient;
  readonly organizations: UserOrganizationsClient;
  readonly permissions: UserPermissionsClient;
  readonly refreshToken: UserRefreshTokenClient;
  readonly riskAssessments: UserRiskAssessmentsClient;
  readonly roles: UserRolesClient;
  readonly sessions: UserSessionsClient;

  /**
   * Lists or searches users, page by page.
   *
   * A new or changed user appears after some seconds. A search reaches the first 1,000 users; the page beyond rejects
   * with status 400 and `errorCode` `invalid_paging`. Rejects with status 400 for a query that cannot be read, 414 for
   * one that is too long, and 503 for one that takes longer than two seconds.
   *
   * `GET /users` · `read:users` · eventual · idempotent
   */
  list<const F extends FieldList<User<A, U>> = string, const I extends Flag = true, const T extends Flag = true>(
    request?: ListUsersRequestParameters<F, I, T>,
    requestOptions?: RequestOptions,
  ): Promise<
    Page<
      Projected<User<A, U>, F, I>,
      Listed<T, ListUsersOffsetPaginatedResponseContent<Projected<User<A, U>, F, I>>, Projected<User<A, U>, F, I>>
    >
  >;

  /**
   * Creates a user in a connection.
   *
   * Rejects with status 400 if the connection is unknown, disabled, or has other needs than what is given, if the
   * password is too weak, or if the user name is taken, and with 409 if there is such a user, or if the tenant has
   * several custom domains and none is chosen by `withCustomDomainHeader`.
   *
   * `POST /users` · `create:users` · immediate · sent once
   */
  create(request: CreateUserRequestContent<A, U>, requestOptions?: RequestOptions): HttpResponsePromise<User<A, U>>;

  /**
   * Finds the users with an email.
   *
   * Upper and lower case count. Auth0's own database stores emails in lower case, so ask it in lower case; other
   * identity providers store them as given. Resolves to an empty array if there is none.
   *
   * `GET /users-by-email` · `read:users` · immediate · idempotent
   */
  listUsersByEmail<const F extends FieldList<User<A, U>> = string, const I extends Flag = true>(
    request: ListUsersByEmailRequestParameters<F, I>,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<Projected<User<A, U>, F, I>[]>;

  /**
   * Reads a user.
   *
   * `read:current_user` is for one's own. Rejects with status 404 if there is none.
   *
   * `GET /users/{id}` · `read:users` or `read:user_idp_tokens` or `read:current_user` · immediate · idempotent
   */
  get<const F extends FieldList<User<A, U>> = string, const I extends Flag = true>(
    id: string,
    request?: GetUserRequestParameters<F, I>,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<Projected<User<A, U>, F, I>>;

  /**
   * Changes a user. What is absent stays; null unsets.
   *
   * These root attributes can change: `app_metadata`, `blocked`, `email`, `email_verified`, `family_name`,
   * `given_name`, `name`, `nickname`, `password`, `phone_number`, `phone_verified`, `picture`, `username`,
   * `user_metadata`, `verify_email`. With `update:users_app_metadata` only `app_metadata` can, with
   * `update:current_user_metadata` only one's own `user_metadata`.
   *
   * `user_metadata` and `app_metadata` are merged on their first level only: an object inside them is replaced whole,
   * null removes a key, and `{}` removes everything.
   *
   * The server answers 400 to these: `password` with `email`, `email_verified` or `username`; `username` with `email`
   * or `email_verified`; email, phone number, user name or password of a secondary identity without `connection`;
   * `client_id` without `email` or `phone_number`; `email_verified` of an enterprise or passwordless SMS user; an email
   * that another user has. `blocked: false` does not lift blocks after failed logins. Rejects with status 404 if there
   * is no such user.
   *
   * `PATCH /users/{id}` · `update:users` or `update:users_app_metadata` or `update:current_user_metadata` · immediate ·
   * idempotent
   */
  update(
    id: string,
    request?: UpdateUserRequestContent<A, U>,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<User<A, U>>;

  /**
   * Deletes a user with all linked accounts.
   *
   * Succeeds too if there is none. `delete:current_user` is for one's own.
   *
   * `DELETE /users/{id}` · `delete:users` or `delete:current_user` · immediate · idempotent
   */
  delete(id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;

  /**
   * Makes a new recovery code for multi-factor authentication and voids the old one.
   *
   * A repetition would void a code that was already given. Rejects with status 404 if there is no enrollment.
   *
   * `POST /users/{id}/recovery-code-regeneration` · `update:users` · immediate · sent once
   */
  regenerateRecoveryCode(
    id: string,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<RegenerateUsersRecoveryCodeResponseContent>;

  /**
   * Revokes sessions, and their refresh tokens unless those are preserved.
   *
   * A token with both scopes can do either.
   *
   * `POST /users/{id}/revoke-access` · `delete:sessions` or `delete:refresh_tokens` · eventual · sent once
   */
  revokeAccess(
    id: string,
    request?: RevokeUserAccessRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<void>;
}
