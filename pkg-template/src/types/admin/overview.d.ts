/** A part of an overview: what it holds, or why it could not be read. */
export type Section<T> =
  | { readonly status: "ok"; readonly data: T; readonly hasMore?: boolean }
  | {
      readonly status: "failed";
      readonly error: ManagementError;
      readonly data?: undefined;
      readonly hasMore?: undefined;
    };

/** What there is to see of a user. Of lists it has the first page; `hasMore` says whether there may be another. */
export interface UserSections<A extends object = Metadata, U extends object = Metadata> {
  readonly user: Section<User<A, U>>;
  /** Blocks after failed logins. */
  readonly blocks: Section<UserBlockIdentifier[]>;
  readonly authenticationMethods: Section<UserAuthenticationMethod[]>;
  readonly enrollments: Section<UsersEnrollment[]>;
  readonly roles: Section<Role[]>;
  readonly permissions: Section<UserPermissionSchema[]>;
  readonly organizations: Section<Organization[]>;
  readonly groups: Section<UserGroupsResponseSchema[]>;
  readonly sessions: Section<SessionResponseContent[]>;
  readonly refreshTokens: Section<RefreshTokenResponseContent[]>;
  readonly connectedAccounts: Section<ConnectedAccount[]>;
  /** The latest first. */
  readonly logs: Section<Log[]>;
}

export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /**
   * Reads what a page about one user shows, one request per section: all of {@link UserSections}, or those of
   * `sections`. A section whose scope is missing, or that fails otherwise, has its error, and the others are there.
   *
   * Rejects with status 404 if `user` is among the sections and there is no such user; the other reads are ended then.
   */
  overview<const S extends keyof UserSections = keyof UserSections>(
    id: string,
    request?: { sections?: readonly S[] },
    requestOptions?: RequestOptions,
  ): Promise<Pick<UserSections<A, U>, S>>;
}
