/** Several users where one was asked for. */
export class AmbiguousUserError extends Error {
  constructor(by: string, userIds: readonly string[]);
  readonly code: "ambiguous_user";
  /** Whom to choose from. */
  readonly userIds: readonly string[];
}

/** What a user is found by: one of these. */
export type FindBy =
  | { id: string; email?: never; phone?: never }
  | { email: string; id?: never; phone?: never }
  | {
      /** Digits after a `+`, at most 15. */
      phone: string;
      id?: never;
      email?: never;
    };

/** A user with an email, and how it was found. */
export interface EmailMatch<A extends object = Metadata, U extends object = Metadata> {
  readonly user: User<A, U>;
  /** By the email as it was given, by the same in lower case, or by a search, which does not tell upper from lower case. */
  readonly rule: "exact" | "lower_case" | "search";
  /** Whether the server may know more by now: a search does not see what was changed in the last seconds. */
  readonly consistency: "immediate" | "eventual";
}

export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /**
   * Finds a user by what is unique, scope `read:users`. Resolves to undefined only if the API itself says that there is
   * none: a 404 of a gateway rejects.
   *
   * By id (`GET /users/{id}`) and by email (`GET /users-by-email`, as it is given, and if there is none so, in lower
   * case) the answer is consistent at once. By phone number it is not: the API has only the search for it
   * (`GET /users`), which a user appears in after some seconds, and which knows the `phone_number` of the primary account
   * alone. Rejects with an {@link AmbiguousUserError} that names the ids if there are several.
   */
  find(by: FindBy, requestOptions?: RequestOptions): Promise<User<A, U> | undefined>;

  /**
   * Finds the users with an email: `GET /users-by-email`, scope `read:users`.
   *
   * With `exact`, the default, upper and lower case count. With `smart` also those whose email is the same but for
   * that: asked for in lower case as well, as Auth0's own database stores emails, and searched for (`GET /users`). Each
   * user is there once, with the first rule that matched. Resolves to an empty array if there is none.
   */
  findByEmail(
    email: string,
    request?: { case?: "exact" | "smart" },
    requestOptions?: RequestOptions,
  ): Promise<EmailMatch<A, U>[]>;
}
