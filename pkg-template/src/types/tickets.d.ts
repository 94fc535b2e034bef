interface TicketAttributes {
  /** Where the user goes afterwards; not with `client_id` or `organization_id`. */
  result_url?: string;
  client_id?: string;
  organization_id?: string;
  /** How many seconds the ticket is good for; five days by default, and for 0. */
  ttl_sec?: number;
  /** Whether the email is added to `result_url`. */
  includeEmailInRedirect?: boolean;
}

export interface VerifyEmailTicketRequestContent extends TicketAttributes {
  user_id: string;
  identity?: Identity;
}

export interface VerifyEmailTicketResponseContent {
  /** The link. Whoever has it can use it. */
  ticket: string;
}

/** The user is named by id, or by connection and email. */
export type ChangePasswordTicketRequestContent = ChangePasswordTicketById | ChangePasswordTicketByEmail;

interface ChangePasswordTicketAttributes extends TicketAttributes {
  /** Whether the email counts as proved once the password is changed; it does not by default. */
  mark_email_as_verified?: boolean;
}

export interface ChangePasswordTicketById extends ChangePasswordTicketAttributes {
  user_id: string;
  identity?: ChangePasswordTicketIdentity;
  connection_id?: never;
  email?: never;
}

export interface ChangePasswordTicketByEmail extends ChangePasswordTicketAttributes {
  connection_id: string;
  email: string;
  user_id?: never;
  identity?: never;
}

export interface ChangePasswordTicketIdentity {
  /** The id without its provider. */
  user_id: string;
  provider: IdentityProviderOnlyAuth0Enum;
  connection_id?: string;
}

export type IdentityProviderOnlyAuth0Enum = Open<"auth0">;

export interface ChangePasswordTicketResponseContent {
  /** The link. Whoever has it can use it. */
  ticket: string;
}

export interface TicketsClient {
  /**
   * Makes a link by which a user proves the email.
   *
   * Takes the header `auth0-custom-domain`. Rejects with status 400 if the user has no email, or the connection,
   * identity, application or organization is unknown, 404 if there is no such user.
   *
   * `POST /tickets/email-verification` · `create:user_tickets` · immediate · sent once
   */
  verifyEmail(
    request: VerifyEmailTicketRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<VerifyEmailTicketResponseContent>;

  /**
   * Makes a link by which a user sets a new password.
   *
   * Takes the header `auth0-custom-domain`. Rejects with status 400 if the connection has no passwords, or the
   * connection, identity, application or organization is unknown, 404 if there is no such user.
   *
   * `POST /tickets/password-change` · `create:user_tickets` · immediate · sent once
   */
  changePassword(
    request: ChangePasswordTicketRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<ChangePasswordTicketResponseContent>;
}
