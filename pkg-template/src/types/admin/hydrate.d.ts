export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /**
   * Reads parts of many users, all pages of each, as {@link bulk} does with its options: `data` of a result has the parts
   * by their names. Each part is one request or more, of the scopes that its own operation needs.
   */
  hydrate<const Part extends keyof UserParts>(
    ids: Iterable<string> | AsyncIterable<string>,
    parts: readonly Part[],
    options?: BulkOptions<string>,
  ): AsyncGenerator<BulkResult<string, Pick<UserParts<A, U>, Part>>, void, undefined>;
}

/** What {@link AdminUsers.hydrate} reads of a user. */
export interface UserParts<A = Metadata, U = Metadata> {
  authenticationMethods: UserAuthenticationMethod[];
  enrollments: UsersEnrollment[];
  groups: Management.Group[];
  organizations: Organization[];
  permissions: UserPermissionSchema[];
  profile: User<A, U>;
  refreshTokens: RefreshTokenResponseContent[];
  roles: Role[];
  sessions: SessionResponseContent[];
}
