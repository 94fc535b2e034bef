interface AuthenticationMethodAttributes<Type> {
  type: Type;
  name?: string;
  phone_number?: string;
  email?: string;
  /** The ways in which a phone can be used. */
  authentication_methods?: UserAuthenticationMethodProperties[];
  preferred_authentication_method?: PreferredAuthenticationMethodEnum;
  key_id?: string;
  public_key?: string;
  aaguid?: string;
  relying_party_identifier?: string;
}

interface Passkey {
  credential_device_type?: CredentialDeviceTypeEnum;
  credential_backed_up?: boolean;
  identity_user_id?: string;
  user_agent?: string;
  user_handle?: string;
  transports?: string[];
}

/** Something a user can prove to be who they are with. Email and phone number are masked. */
export interface UserAuthenticationMethod
  extends AuthenticationMethodAttributes<AuthenticationMethodTypeEnum>, Passkey {
  id: string;
  confirmed?: boolean;
  link_id?: string;
  /** ISO 8601. */
  created_at: string;
  /** ISO 8601. */
  enrolled_at?: string;
  /** ISO 8601. */
  last_auth_at?: string;
}

export type GetUserAuthenticationMethodResponseContent = UserAuthenticationMethod;

export type AuthenticationMethodTypeEnum = Open<
  | "recovery-code"
  | "totp"
  | "push"
  | "phone"
  | "email"
  | "email-verification"
  | "webauthn-roaming"
  | "webauthn-platform"
  | "guardian"
  | "passkey"
  | "password"
>;
export type CreatedAuthenticationMethodTypeEnum = Open<"phone" | "email" | "totp" | "webauthn-roaming">;
export type CreatedUserAuthenticationMethodTypeEnum = Open<"phone" | "email" | "totp" | "webauthn-roaming" | "passkey">;
export type AuthenticationTypeEnum = Open<"phone" | "email" | "totp">;
export type PreferredAuthenticationMethodEnum = Open<"voice" | "sms">;
export type CredentialDeviceTypeEnum = Open<"single_device" | "multi_device">;

export interface UserAuthenticationMethodProperties {
  type?: UserAuthenticationMethodPropertiesEnum;
  id?: string;
}

export type UserAuthenticationMethodPropertiesEnum = Open<"totp" | "push" | "sms" | "voice">;

export interface ListUserAuthenticationMethodsRequestParameters<T extends Flag = Flag> extends OffsetParameters<T> {}

export interface ListUserAuthenticationMethodsOffsetPaginatedResponseContent {
  start: number;
  limit: number;
  /** Not always there. */
  total?: number;
  authenticators: UserAuthenticationMethod[];
}

export interface CreateUserAuthenticationMethodRequestContent extends Passkey {
  type: CreatedUserAuthenticationMethodTypeEnum;
  name?: string;
  /** In base32; only for `totp`. */
  totp_secret?: string;
  /** Only for `phone`. */
  phone_number?: string;
  /** Only for `email`. */
  email?: string;
  preferred_authentication_method?: PreferredAuthenticationMethodEnum;
  /** Only for `webauthn-roaming` and `passkey`. */
  key_id?: string;
  /** In base64; only for `webauthn-roaming` and `passkey`. */
  public_key?: string;
  /** A UUID. */
  aaguid?: string;
  /** A host name. */
  relying_party_identifier?: string;
}

export interface CreateUserAuthenticationMethodResponseContent
  extends AuthenticationMethodAttributes<CreatedUserAuthenticationMethodTypeEnum>, Passkey {
  id?: string;
  totp_secret?: string;
  /** ISO 8601. */
  created_at?: string;
}

export type SetUserAuthenticationMethodsRequestContent = readonly SetUserAuthenticationMethods[];

export interface SetUserAuthenticationMethods {
  type: AuthenticationTypeEnum;
  preferred_authentication_method?: PreferredAuthenticationMethodEnum;
  /** At most 20 characters. */
  name?: string;
  phone_number?: string;
  email?: string;
  totp_secret?: string;
}

export interface SetUserAuthenticationMethodResponseContent extends AuthenticationMethodAttributes<CreatedAuthenticationMethodTypeEnum> {
  id?: string;
  totp_secret?: string;
  /** ISO 8601. */
  created_at?: string;
}

export interface UpdateUserAuthenticationMethodRequestContent {
  name?: string;
  preferred_authentication_method?: PreferredAuthenticationMethodEnum;
}

export interface UpdateUserAuthenticationMethodResponseContent extends SetUserAuthenticationMethodResponseContent {
  confirmed?: boolean;
}

export interface UserAuthenticationMethodsClient {
  /**
   * Lists the authentication methods of a user, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{id}/authentication-methods` · `read:authentication_methods` · immediate · idempotent
   */
  list<const T extends Flag = true>(
    id: string,
    request?: ListUserAuthenticationMethodsRequestParameters<T>,
    requestOptions?: RequestOptions,
  ): Promise<
    Page<
      UserAuthenticationMethod,
      Listed<T, ListUserAuthenticationMethodsOffsetPaginatedResponseContent, UserAuthenticationMethod>
    >
  >;

  /**
   * Adds an authentication method, confirmed from the start.
   *
   * Rejects with status 403 if the user has as many as there may be, 404 if there is no such user, 409 if the user has
   * the method.
   *
   * `POST /users/{id}/authentication-methods` · `create:authentication_methods` · immediate · sent once
   */
  create(
    id: string,
    request: CreateUserAuthenticationMethodRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<CreateUserAuthenticationMethodResponseContent>;

  /**
   * Puts these authentication methods in the place of all that the user has.
   *
   * The answer shows in clear what is masked later. Rejects with status 403 if the user has a passkey, 409 if a method
   * is there twice.
   *
   * `PUT /users/{id}/authentication-methods` · `update:authentication_methods` · immediate · idempotent
   */
  set(
    id: string,
    request: SetUserAuthenticationMethodsRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<SetUserAuthenticationMethodResponseContent[]>;

  /**
   * Removes all authentication methods.
   *
   * Rejects with status 403 if the user has a passkey.
   *
   * `DELETE /users/{id}/authentication-methods` · `delete:authentication_methods` · immediate · idempotent
   */
  deleteAll(id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;

  /**
   * Reads an authentication method.
   *
   * Rejects with status 404 if there is no such user or method.
   *
   * `GET /users/{id}/authentication-methods/{authentication_method_id}` · `read:authentication_methods` · immediate ·
   * idempotent
   */
  get(
    id: string,
    authentication_method_id: string,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<GetUserAuthenticationMethodResponseContent>;

  /**
   * Removes an authentication method.
   *
   * Rejects with status 404 if there is no such user or method.
   *
   * `DELETE /users/{id}/authentication-methods/{authentication_method_id}` · `delete:authentication_methods` ·
   * immediate · idempotent
   */
  delete(id: string, authentication_method_id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;

  /**
   * Changes the name of an authentication method, or how it is used.
   *
   * Rejects with status 404 if there is no such user or method.
   *
   * `PATCH /users/{id}/authentication-methods/{authentication_method_id}` · `update:authentication_methods` · immediate
   * · idempotent
   */
  update(
    id: string,
    authentication_method_id: string,
    request?: UpdateUserAuthenticationMethodRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<UpdateUserAuthenticationMethodResponseContent>;
}
