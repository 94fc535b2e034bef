export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /**
   * Waits until a search finds a user as it is now: `GET /users/{id}`, and then `GET /users` again and again with longer
   * pauses, scope `read:users`. Resolves to the user as the search has it. For scripts and tests that list what they have
   * just changed.
   *
   * `deadlineInSeconds` is 30 by default. Rejects with a `ManagementTimeoutError` after it, and with status 404 if there
   * is no such user.
   */
  waitUntilIndexed(id: string, requestOptions?: RequestOptions): Promise<User<A, U>>;
}
