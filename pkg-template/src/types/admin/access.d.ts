/** What keeps a user from signing in. */
export interface BlockStatus {
  /** Blocked by an administrator: the `blocked` of the user. */
  readonly adminBlocked: boolean;
  /** Blocked after failed logins: a login from an address, or from everywhere where `ip` is absent. */
  readonly bruteForce: readonly UserBlockIdentifier[];
}

export interface UnblockRequest extends StepOptions<"admin" | "bruteForce"> {
  /** Lifts the block of an administrator. */
  admin?: boolean;
  /** Lifts the blocks after failed logins. */
  bruteForce?: boolean;
}

export interface UnblockReport extends StepReport<"admin" | "bruteForce"> {
  /** What there was before. */
  readonly before: BlockStatus;
}

export type SignOutStep = "block" | "revokeAccess" | "sessions" | "refreshTokens" | "verify";

export interface SignOutRequest extends StepOptions<SignOutStep> {
  /** Blocks the user first, so that nobody signs in again. */
  block?: boolean;
}

export interface SignOutReport extends StepReport<SignOutStep> {
  /**
   * What was still signed in when the step `verify` looked, or what is signed in for a dry run. The server ends sessions
   * some time after it says so, so this may not be 0 yet; absent if `verify` failed.
   */
  readonly remaining?: { readonly sessions: number; readonly refreshTokens: number };
}

export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /**
   * Reads both kinds of block: `GET /users/{id}` and `GET /user-blocks/{id}`, scope `read:users`. Rejects with status 404
   * if there is no such user.
   */
  blockStatus(id: string, requestOptions?: RequestOptions): Promise<BlockStatus>;

  /**
   * Lifts the blocks that are named: `PATCH /users/{id}` and `DELETE /user-blocks/{id}`, scopes `read:users` and
   * `update:users`. Skips what is not there. Rejects if the blocks cannot be read, with status 404 if there is no such
   * user. A new password lifts the block of an administrator as well.
   */
  unblock(id: string, request: UnblockRequest, requestOptions?: RequestOptions): Promise<UnblockReport>;

  /**
   * Ends everything that is signed in: `POST /users/{id}/revoke-access`, `DELETE /users/{user_id}/sessions` and
   * `DELETE /users/{user_id}/refresh-tokens`, then looks what is left. Scopes `read:users`, `delete:sessions`,
   * `delete:refresh_tokens`, `read:sessions`, `read:refresh_tokens`, and `update:users` with `block`.
   *
   * Access tokens that are out stay valid until they expire. Rejects with status 404 if there is no such user.
   */
  signOutEverywhere(id: string, request?: SignOutRequest, requestOptions?: RequestOptions): Promise<SignOutReport>;
}
