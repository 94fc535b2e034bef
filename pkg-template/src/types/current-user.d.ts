/** The client of a signed-in user, whose token reaches that user only. The server says what of it the token allows. */
export interface CurrentUserClient<A extends object = Metadata, U extends object = Metadata> extends Pick<
  ManagementClient<A, U>,
  "can" | "requiredScopes" | "rateLimit" | "free" | typeof Symbol.dispose
> {
  readonly users: Pick<UsersClient<A, U>, "get" | "update" | "delete"> & {
    readonly enrollments: UsersClient<A, U>["enrollments"];
    readonly identities: UsersClient<A, U>["identities"];
  };
}
