/**
 * A user of the tenant. A profile may hold more than is named here; declare what yours hold by augmenting this
 * interface.
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
  identities?: UserIdentity[];
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

export interface UserIdentity {
  connection?: string;
  /** The id without its provider. */
  user_id?: string | number;
  provider?: Open<"auth0" | "google-oauth2" | "email" | "sms" | "samlp" | "waad" | "ad">;
  isSocial?: boolean;
  profileData?: Metadata;
  /** Only for tokens with `read:user_idp_tokens`, as the other two. */
  access_token?: string;
  access_token_secret?: string;
  refresh_token?: string;
}

/** A user of which only some fields were asked for. */
export type UserFields<A, U, F> = [F] extends [readonly KnownKeys<User<A, U>>[]] ? Pick<User<A, U>, F[number]> : User<A, U>;

type FieldList<A, U> = readonly KnownKeys<User<A, U>>[] | string;

export interface GetUserRequestParameters<F = string | readonly string[]> {
  /** The fields to give: an array, or names with commas between them. */
  fields?: F | null;
  /** `false` turns `fields` into those to leave out. */
  include_fields?: boolean | null;
}

export interface ListUsersRequestParameters<F = string | readonly string[]> extends GetUserRequestParameters<F> {
  /** The page, from 0. */
  page?: number | null;
  /** The size of a page, at most 100; 50 by default. */
  per_page?: number | null;
  /** Whether the server counts all matches; it does by default. */
  include_totals?: boolean | null;
  /** A field, a colon, and `1` (up) or `-1` (down). Metadata cannot be sorted by. */
  sort?: `${string}:${1 | -1}` | null;
  /** With search engine `v1` only. */
  connection?: string | null;
  /** The query, in Lucene syntax, such as `email:"ana@example.com"`. */
  q?: string | null;
  search_engine?: Open<"v1" | "v2" | "v3"> | null;
  /** Whether matches come in a fixed order; they do by default. */
  primary_order?: boolean | null;
}

export interface ListUsersByEmailRequestParameters<F = string | readonly string[]> extends GetUserRequestParameters<F> {
  email: string;
}

/** What `users.list` answers: an envelope, or bare users with `include_totals: false`. */
export type ListUsersResponse<T> = { start: number; limit: number; length: number; total: number; users: T[] } | T[];

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
export interface UpdateUserRequestContent<A = Metadata, U = Metadata>
  extends Omit<UserAttributes<A, U>, "app_metadata" | "user_metadata"> {
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

/**
 * The Auth0 Management API.
 *
 * The type parameters are the shapes of `app_metadata` and `user_metadata`.
 */
export class ManagementClient<A extends object = Metadata, U extends object = Metadata> {
  /** Reads the options once. Throws a `TypeError` that names what is wrong with them. */
  constructor(options: ManagementClientOptions);
  readonly users: UsersClient<A, U>;
  /** Gives memory back at once. Not needed, and harmless while calls are pending. */
  free(): void;
}

/** Every method rejects with a {@link ManagementError} if the call fails. */
export interface UsersClient<A extends object = Metadata, U extends object = Metadata> {
  /**
   * Lists or searches users, page by page: `GET /users`, scope `read:users`.
   *
   * Eventually consistent: a new user appears after some seconds. A search reaches the first 1,000 users; the page
   * beyond rejects with status 400 and `errorCode` `invalid_paging`.
   */
  list<const F extends FieldList<A, U> = string>(
    request?: ListUsersRequestParameters<F>,
    requestOptions?: RequestOptions,
  ): Promise<Page<UserFields<A, U, F>, ListUsersResponse<UserFields<A, U, F>>>>;

  /**
   * Creates a user in a connection: `POST /users`, scope `create:users`.
   *
   * Rejects with status 409 if there is one with that email, user name or id. Sent again only after an answer of 429
   * or a connection that was never made: after any other failure, look whether the user exists.
   */
  create(request: CreateUserRequestContent<A, U>, requestOptions?: RequestOptions): HttpResponsePromise<User<A, U>>;

  /**
   * Finds the users with an email, at once consistent: `GET /users-by-email`, scope `read:users`.
   *
   * Upper and lower case count. Auth0's own database stores emails in lower case, so ask it in lower case; other
   * identity providers store them as given. Resolves to an empty array if there is none.
   */
  listUsersByEmail<const F extends FieldList<A, U> = string>(
    request: ListUsersByEmailRequestParameters<F>,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<UserFields<A, U, F>[]>;

  /**
   * Reads a user, at once consistent: `GET /users/{id}`, scope `read:users`, or `read:current_user` for one's own.
   *
   * Rejects with status 404 if there is none.
   */
  get<const F extends FieldList<A, U> = string>(
    id: string,
    request?: GetUserRequestParameters<F>,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<UserFields<A, U, F>>;

  /**
   * Changes a user: `PATCH /users/{id}`, scope `update:users`.
   *
   * These root attributes can change: `app_metadata`, `blocked`, `email`, `email_verified`, `family_name`,
   * `given_name`, `name`, `nickname`, `password`, `phone_number`, `phone_verified`, `picture`, `username`,
   * `user_metadata`, `verify_email`. What is absent stays; null unsets.
   *
   * `user_metadata` and `app_metadata` are merged on their first level only: an object inside them is replaced whole,
   * null removes a key, and `{}` removes everything.
   *
   * The server answers 400 to these: `password` with `email`, `email_verified` or `username`; `username` with `email`
   * or `email_verified`; email, phone number, user name or password of a secondary identity without `connection`;
   * `client_id` without `email` or `phone_number`; `email_verified` of an enterprise or passwordless SMS user; an email
   * that another user has. `blocked: false` does not lift blocks after failed logins. Rejects with status 404 if there
   * is no such user.
   */
  update(id: string, request?: UpdateUserRequestContent<A, U>, requestOptions?: RequestOptions): HttpResponsePromise<User<A, U>>;

  /** Deletes a user: `DELETE /users/{id}`, scope `delete:users`. Succeeds too if there is none. */
  delete(id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;

  /**
   * Makes a new recovery code for multi-factor authentication and voids the old one:
   * `POST /users/{id}/recovery-code-regeneration`, scope `update:users`.
   *
   * Rejects with status 404 if there is no enrollment. Sent again only after an answer of 429 or a connection that was
   * never made: a repetition would void a code that was already given.
   */
  regenerateRecoveryCode(id: string, requestOptions?: RequestOptions): HttpResponsePromise<RegenerateUsersRecoveryCodeResponseContent>;

  /**
   * Revokes sessions, and their refresh tokens unless those are preserved: `POST /users/{id}/revoke-access`, scopes
   * `delete:sessions` and `delete:refresh_tokens`. Takes effect some time after the answer.
   */
  revokeAccess(id: string, request?: RevokeUserAccessRequestContent, requestOptions?: RequestOptions): HttpResponsePromise<void>;
}
