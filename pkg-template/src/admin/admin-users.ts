// The methods that withAdmin() adds to a client. Each is implemented in the file of its name.

import type {
  HttpResponsePromise,
  ManagementClient,
  Metadata,
  Projected,
  RequestOptions,
  UpdateUserRequestContent,
  User,
  UserIdentitiesClient,
  UsersClient,
} from "auth0-users";

import type { AllUsersParameters } from "./all.ts";
import type { AllUsers } from "./all/user-iterator.ts";
import type { BlockStatus } from "./block-status.ts";
import type { BulkOptions, BulkResult } from "./bulk.ts";
import type { FindBy } from "./find.ts";
import type { EmailMatch } from "./find-by-email.ts";
import type { UserParts } from "./hydrate.ts";
import type { LinkAccountsRequest, LinkReport } from "./link-accounts.ts";
import type { MetadataVerbs } from "./metadata.ts";
import type { MfaResetReport, MfaResetRequest } from "./mfa-reset.ts";
import type { MfaStatus } from "./mfa-status.ts";
import type { UserSections } from "./overview.ts";
import type { SignOutReport, SignOutRequest } from "./sign-out-everywhere.ts";
import type { UnblockReport, UnblockRequest } from "./unblock.ts";

/** A client with methods for administrators. */
export interface AdminClient<A extends object = Metadata, U extends object = Metadata> extends ManagementClient<A, U> {
  readonly users: AdminUsers<A, U>;
}

/** The users of a client, with methods for administrators. */
export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  readonly identities: AdminIdentities;
  readonly mfa: UserMfaClient;

  /**
   * Iterates over all users, or all that a query finds, past the 1,000 that a search reaches: `GET /users`, scope
   * `read:users`, about one request per 93 users. Requests are sent as users are asked for, up to four at once, at the rate
   * of the client; `deadlineInSeconds` (seconds) and `abortSignal` are for all of them together. After an abort or the
   * deadline no further user is given, and the iterator rejects with the signal's reason or a `ManagementTimeoutError`.
   *
   * Every user who exists from beginning to end is given exactly once. A user created during the run comes at the end, if
   * searches show it by then (with `sort: "created_at:-1"` not at all); a deleted one may be given or not.
   *
   * Throws a `TypeError` that names an argument that is not valid. The iterator rejects with what `users.list` rejects
   * with, and with a {@link ResultLimitError} where there are users that it cannot reach, or where the totals of the server
   * do not prove that the list has ended.
   *
   * ```js
   * for await (const { email } of client.users.all({ q: "blocked:true", fields: ["email"] })) console.log(email);
   * ```
   */
  all<const F extends readonly (keyof User<A, U>)[] | string = string>(
    parameters?: AllUsersParameters<F>,
    requestOptions?: RequestOptions,
  ): AllUsers<Projected<User<A, U>, F>>;

  /**
   * Reads both kinds of block: `GET /users/{id}` and `GET /user-blocks/{id}`, scope `read:users`. Rejects with status 404
   * if there is no such user.
   */
  blockStatus(id: string, requestOptions?: RequestOptions): Promise<BlockStatus>;

  /**
   * Finds a user by what is unique, scope `read:users`. Resolves to undefined only if the API itself says that there is no
   * such user: a 404 of a gateway rejects.
   *
   * By id (`GET /users/{id}`) and by email (`GET /users-by-email`, as given, then in lower case) the answer is consistent
   * at once. By phone number it is not: the API has only the search for it (`GET /users`), in which a user appears after
   * some seconds, and which knows the `phone_number` of the primary account alone. Rejects with an
   * {@link AmbiguousUserError} that names the ids if there are several.
   */
  find(by: FindBy, requestOptions?: RequestOptions): Promise<User<A, U> | undefined>;

  /**
   * Finds the users with an email: `GET /users-by-email`, scope `read:users`.
   *
   * With `exact`, the default, case counts. With `smart`, it also finds users whose email differs only in case: it asks
   * for the email in lower case as well, as Auth0's own database stores emails, and searches (`GET /users`). Each user is
   * there once, with the first rule that matched. Resolves to an empty array if there is none.
   */
  findByEmail(
    email: string,
    request?: { case?: "exact" | "smart" },
    requestOptions?: RequestOptions,
  ): Promise<EmailMatch<A, U>[]>;

  /**
   * Reads parts of many users, all pages of each, as {@link bulk} does with its options: `data` of a result has the parts
   * by their names. Each part is one request or more, with the scopes that its own operation needs.
   */
  hydrate<const Part extends keyof UserParts>(
    ids: Iterable<string> | AsyncIterable<string>,
    parts: readonly Part[],
    options?: BulkOptions<string>,
  ): AsyncGenerator<BulkResult<string, Pick<UserParts<A, U>, Part>>, void, undefined>;

  /** Changes the metadata of a user, with a method for each intent: `user` may be changed by the user, `app` not. */
  metadata(id: string): { readonly user: MetadataVerbs<U>; readonly app: MetadataVerbs<A> };

  /**
   * Reads what a page about one user shows, one request per section: all of {@link UserSections}, or those of
   * `sections`. A section whose scope is missing, or that fails otherwise, has its error, and the others are there.
   *
   * Rejects with status 404 if `user` is among the sections and there is no such user; the other reads are aborted then.
   */
  overview<const S extends keyof UserSections = keyof UserSections>(
    id: string,
    request?: { sections?: readonly S[] },
    requestOptions?: RequestOptions,
  ): Promise<Pick<UserSections<A, U>, S>>;

  /**
   * Ends everything that is signed in: `POST /users/{id}/revoke-access`, `DELETE /users/{user_id}/sessions` and
   * `DELETE /users/{user_id}/refresh-tokens`, then looks what is left. Scopes `read:users`, `delete:sessions`,
   * `delete:refresh_tokens`, `read:sessions`, `read:refresh_tokens`, and `update:users` with `block`.
   *
   * Issued access tokens stay valid until they expire. Rejects with status 404 if there is no such user.
   */
  signOutEverywhere(id: string, request?: SignOutRequest, requestOptions?: RequestOptions): Promise<SignOutReport>;

  /**
   * Lifts the named blocks: `PATCH /users/{id}` and `DELETE /user-blocks/{id}`, scopes `read:users` and `update:users`.
   * Skips blocks that do not exist. Rejects if the blocks cannot be read, with status 404 if there is no such user. A new
   * password lifts the block of an administrator as well.
   */
  unblock(id: string, request: UnblockRequest, requestOptions?: RequestOptions): Promise<UnblockReport>;

  /**
   * Updates a user as the client does, but refuses `{}` for metadata, which removes all of it, with a `TypeError`, and
   * sends nothing, unless `allowMetadataClear` is true.
   */
  update(
    id: string,
    request?: UpdateUserRequestContent<A, U>,
    requestOptions?: RequestOptions & { allowMetadataClear?: boolean },
  ): HttpResponsePromise<User<A, U>>;

  /**
   * Waits until a search finds a user in the current state: `GET /users/{id}`, then `GET /users` repeatedly with longer
   * pauses, scope `read:users`. Resolves to the user as the search has it. For scripts and tests that list what they have
   * just changed.
   *
   * `deadlineInSeconds` is 30 by default. Rejects with a `ManagementTimeoutError` after it, and with status 404 if there
   * is no such user.
   */
  waitUntilIndexed(id: string, requestOptions?: RequestOptions): Promise<User<A, U>>;
}

/** The accounts of users, with a method for administrators. */
export interface AdminIdentities extends UserIdentitiesClient {
  /**
   * Links an account to another by their whole ids: `POST /users/{id}/identities`, after `PATCH /users/{id}` with
   * `mergeMetadata`. Scopes `read:users` and `update:users`; with `read:roles`, `read:organizations` and
   * `read:authentication_methods` `losses` is complete.
   *
   * Skips what is done if the accounts are linked already. Nothing is linked unless the metadata is known to be merged.
   * Rejects with status 404 if there is no such user, and with a `RangeError` with the code `unsafe_integer` if metadata to
   * merge have an integer above 2^53 - 1, which `JSON.parse` rounds.
   */
  linkAccounts(
    primary: string,
    secondary: string,
    request?: LinkAccountsRequest,
    requestOptions?: RequestOptions,
  ): Promise<LinkReport>;
}

/** Multi-factor authentication as a whole. */
export interface UserMfaClient {
  /**
   * Reads every second factor: `GET /users/{id}`, `GET /users/{id}/authentication-methods` and
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
   * A step that fails, or whose outcome is unknown, does not keep the others from being done, except that a recovery code
   * is made only if all else succeeded. Rejects if the factors cannot be read.
   */
  reset(id: string, request?: MfaResetRequest, requestOptions?: RequestOptions): Promise<MfaResetReport>;
}
