export type LinkStep = "mergeMetadata" | "link";

export interface LinkAccountsRequest extends StepOptions<LinkStep> {
  /**
   * Gives the primary account, before the linking, the first-level keys of metadata that it lacks and the secondary one
   * has: of both kinds of metadata, or of those that are named. What both have stays as the primary account has it. Not
   * done by default.
   */
  mergeMetadata?: boolean | readonly ("user_metadata" | "app_metadata")[];
}

/** What is gone when the secondary account is no user of its own any more. */
export interface LinkLosses extends Pick<
  UserSections,
  "roles" | "permissions" | "organizations" | "authenticationMethods"
> {
  /** What is not merged. */
  readonly user_metadata: Metadata;
  /** What is not merged. */
  readonly app_metadata: Metadata;
}

export interface LinkReport extends StepReport<LinkStep> {
  /** What the secondary account loses, or would lose; absent if the accounts were linked already. */
  readonly losses?: LinkLosses;
  /** The exact changes of the step `mergeMetadata`. */
  readonly merged?: { readonly user_metadata?: Metadata; readonly app_metadata?: Metadata };
  /** All accounts, the primary one first, if they are linked. */
  readonly identities?: readonly UserIdentitySchema[];
}

export interface AdminIdentities extends UserIdentitiesClient {
  /**
   * Links an account to another by their whole ids: `POST /users/{id}/identities`, after `PATCH /users/{id}` with
   * `mergeMetadata`. Scopes `read:users` and `update:users`; with `read:roles`, `read:organizations` and
   * `read:authentication_methods` `losses` holds all that it can.
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

export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  readonly identities: AdminIdentities;
}
