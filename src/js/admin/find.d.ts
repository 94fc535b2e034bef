export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /**
   * Finds a user by what is unique, at once consistent: `GET /users/{id}`, scope `read:users`. Resolves to undefined if
   * there is none.
   */
  find(by: { id: string }, requestOptions?: RequestOptions): Promise<User<A, U> | undefined>;
}
