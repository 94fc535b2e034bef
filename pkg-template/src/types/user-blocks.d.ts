/** What is blocked after failed logins. */
export interface UserBlockIdentifier {
  /** The user name, phone number or email. */
  identifier?: string;
  /** The address; absent where the account is blocked from everywhere. */
  ip?: string;
  /** The name of the connection. */
  connection?: string;
}

export interface ListUserBlocksRequestParameters {
  /** Whether there are no blocks while brute-force protection is off. */
  consider_brute_force_enablement?: boolean | null;
}

export interface ListUserBlocksByIdentifierRequestParameters extends ListUserBlocksRequestParameters {
  /** A user name, phone number or email. */
  identifier: string;
}

export interface DeleteUserBlocksByIdentifierRequestParameters {
  /** A user name, phone number or email. */
  identifier: string;
}

export interface ListUserBlocksResponseContent {
  blocked_for?: UserBlockIdentifier[];
}

export interface ListUserBlocksByIdentifierResponseContent {
  blocked_for?: UserBlockIdentifier[];
}

export interface UserBlocksClient {
  /**
   * Reads the blocks of a user name, phone number or email.
   *
   * `GET /user-blocks` · `read:users` · immediate · idempotent
   */
  listByIdentifier(
    request: ListUserBlocksByIdentifierRequestParameters,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<ListUserBlocksByIdentifierResponseContent>;

  /**
   * Lifts the blocks of a user name, phone number or email.
   *
   * Does not change the `blocked` of a user.
   *
   * `DELETE /user-blocks` · `update:users` · immediate · idempotent
   */
  deleteByIdentifier(
    request: DeleteUserBlocksByIdentifierRequestParameters,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<void>;

  /**
   * Reads the blocks of a user.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /user-blocks/{id}` · `read:users` · immediate · idempotent
   */
  list(
    id: string,
    request?: ListUserBlocksRequestParameters,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<ListUserBlocksResponseContent>;

  /**
   * Lifts the blocks of a user.
   *
   * Does not change the `blocked` of the user. Rejects with status 404 if there is no such user.
   *
   * `DELETE /user-blocks/{id}` · `update:users` · immediate · idempotent
   */
  delete(id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;
}
