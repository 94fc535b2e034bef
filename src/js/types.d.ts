/** One of the values known today, or one that the API adds tomorrow. */
type Open<Known extends string> = Known | (string & {});

/** The keys of `T` that are not an index signature. */
type KnownKeys<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };

/** A JSON object of the tenant's own. */
export type Metadata = Record<string, any>;

/** How to reach the tenant. */
export type ManagementClientOptions = ManagementClientSettings &
  ({ domain: string; baseUrl?: string; token: TokenSource } | { baseUrl: string; domain?: string; token?: TokenSource });

export interface ManagementClientSettings {
  /** Sent with every request. A value may be a function or a promise; null or undefined sends none. */
  headers?: HeaderValues;
  /** Used in place of the global `fetch`: called as `fetch(url, init)`, resolves to a `Response`. */
  fetch?: (url: string, init: any) => Promise<any>;
  /** How long one attempt may take until its body is read, in seconds; 60 by default. */
  timeoutInSeconds?: number;
  /** How often a call that failed may be sent again; 2 by default. */
  maxRetries?: number;
}

/** An access token of the Management API, a promise of one, or a function that is asked for each request. */
export type TokenSource = string | Promise<string> | (() => string | Promise<string>);

export type HeaderValues = Record<string, HeaderValue | (() => HeaderValue | Promise<HeaderValue>) | Promise<HeaderValue>>;
type HeaderValue = string | null | undefined;

/** What one call does in its own way. Read once; never written. */
export interface RequestOptions {
  /** How long one attempt may take until its body is read, in seconds. */
  timeoutInSeconds?: number;
  /** How often the call may be sent again if it fails. */
  maxRetries?: number;
  /** Ends the call, whatever it waits for; the promise rejects with the signal's own reason. */
  abortSignal?: AbortSignalLike;
  /** Sent with this call; null or undefined takes one of the client's headers away. */
  headers?: HeaderValues;
  /** Further query parameters, in place of the operation's own of that name. */
  queryParams?: Record<string, QueryValue | readonly QueryValue[]>;
}
type QueryValue = string | number | boolean | bigint | null | undefined;

/** What is used of an `AbortSignal`, so that programs without DOM types compile. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: any;
  addEventListener(type: "abort", listener: (event: any) => any): void;
  removeEventListener(type: "abort", listener: (event: any) => any): void;
}

/** The answer without its body. */
export interface RawResponse {
  readonly headers: { get(name: string): string | null; has(name: string): boolean };
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly type: string;
  readonly url: string;
}

export interface WithRawResponse<T> {
  readonly data: T;
  readonly rawResponse: RawResponse;
}

/** A promise of what a call gives. The request is on its way already. */
export interface HttpResponsePromise<T> extends Promise<T> {
  /** The same, together with the status and the headers of the answer. */
  withRawResponse(): Promise<WithRawResponse<T>>;
}

/** One page of a list. It never changes; a loop over it starts with its own items and goes on to the last page. */
export interface Page<T, R = unknown> extends AsyncIterable<T> {
  /** The items of this page. */
  readonly data: T[];
  /** The whole answer: an envelope with totals, or the bare items. */
  readonly response: R;
  readonly rawResponse: RawResponse;
  /** May there be a page after this one? */
  hasNextPage(): boolean;
  /** Loads the page after this one, as a new page. A failed load can be tried again. Rejects after the last page. */
  getNextPage(): Promise<Page<T, R>>;
}

/** What kind of failure a {@link ManagementError} is. */
export type ManagementErrorCode =
  | "timeout"
  | "network"
  | "bad_response"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "rate_limited"
  | "bad_request"
  | "server";

/**
 * A call that was made and failed. An argument that is refused before anything is sent rejects with a `TypeError`
 * whose `code` is `"invalid_argument"`; an aborted call rejects with the signal's own reason.
 */
export class ManagementError extends Error {
  constructor(fields?: Partial<Omit<ManagementError, "name" | "stack">>);
  /** What kind of failure it is. */
  readonly code: ManagementErrorCode;
  /** The HTTP status; absent when there was no answer. */
  readonly statusCode?: number;
  /** The server's own code, such as `inexistent_user`. */
  readonly errorCode?: string;
  /** The method that failed, such as `users.get`. */
  readonly operation: string;
  /** How often it was sent. */
  readonly attempts: number;
  /** The server's id of the request, for a support ticket. */
  readonly requestId?: string;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The body of the answer: parsed JSON, or the text as it came. Not shown in logs: it may hold personal data. */
  readonly body?: unknown;
  readonly rawResponse?: RawResponse;
  readonly cause?: unknown;
}

/** No complete answer within `timeoutInSeconds`. */
export class ManagementTimeoutError extends ManagementError {}

/** Is it a {@link ManagementError}, from whichever copy of this package or realm? */
export function isManagementError(value: unknown): value is ManagementError;

/** The errors by HTTP status. */
export namespace Management {
  class BadRequestError extends ManagementError {}
  class UnauthorizedError extends ManagementError {}
  class PaymentRequiredError extends ManagementError {}
  class ForbiddenError extends ManagementError {}
  class NotFoundError extends ManagementError {}
  class ConflictError extends ManagementError {}
  class GoneError extends ManagementError {}
  class PreconditionFailedError extends ManagementError {}
  class ContentTooLargeError extends ManagementError {}
  class UnprocessableEntityError extends ManagementError {}
  class TooManyRequestsError extends ManagementError {}
  class InternalServerError extends ManagementError {}
  class ServiceUnavailableError extends ManagementError {}
  class GatewayTimeoutError extends ManagementError {}
}

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
