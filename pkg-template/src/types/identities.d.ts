/** An account of a user, as it stands in the user. */
export interface UserIdentitySchema {
  connection?: string;
  /** The id without its provider. */
  user_id?: UserId;
  provider?: UserIdentityProviderEnum;
  isSocial?: boolean;
  /** The profile that a linked account brought along. */
  profileData?: UserProfileData;
  /** Only for tokens with `read:user_idp_tokens`, as the three after it. */
  access_token?: string;
  access_token_secret?: string;
  refresh_token?: string;
  /** How many seconds the access token is good for. */
  expires_in?: number;
}

/** An account of a user, as linking and unlinking give it. */
export interface UserIdentity extends UserIdentitySchema {
  connection: string;
  user_id: UserId;
  provider: UserIdentityProviderEnum;
}

export type DeleteUserIdentityResponseContentItem = UserIdentity;
export type DeleteUserIdentityResponseContent = UserIdentity[];

/** The id of an account without its provider. */
export type UserId = string | number;

export interface UserProfileData {
  email?: string;
  email_verified?: boolean;
  name?: string;
  username?: string;
  given_name?: string;
  family_name?: string;
  nickname?: string;
  picture?: string;
  phone_number?: string;
  phone_verified?: boolean;
}

export type UserIdentityProviderEnum = Open<
  | "ad"
  | "adfs"
  | "amazon"
  | "apple"
  | "auth0"
  | "auth0-oidc"
  | "baidu"
  | "bitbucket"
  | "bitly"
  | "box"
  | "custom"
  | "daccount"
  | "dropbox"
  | "dwolla"
  | "email"
  | "evernote"
  | "evernote-sandbox"
  | "exact"
  | "facebook"
  | "fitbit"
  | "github"
  | "google-apps"
  | "google-oauth2"
  | "instagram"
  | "ip"
  | "line"
  | "linkedin"
  | "oauth1"
  | "oauth2"
  | "office365"
  | "oidc"
  | "okta"
  | "paypal"
  | "paypal-sandbox"
  | "pingfederate"
  | "planningcenter"
  | "salesforce"
  | "salesforce-community"
  | "salesforce-sandbox"
  | "samlp"
  | "sharepoint"
  | "shop"
  | "shopify"
  | "sms"
  | "soundcloud"
  | "thirtysevensignals"
  | "twitter"
  | "untappd"
  | "vkontakte"
  | "waad"
  | "weibo"
  | "windowslive"
  | "wordpress"
  | "yahoo"
  | "yandex"
>;
export type IdentityProviderEnum = UserIdentityProviderEnum;

/** The account to link: named, or proved by a token of its user. */
export type LinkUserIdentityRequestContent = LinkUserIdentityByName | LinkUserIdentityByToken;

export interface LinkUserIdentityByName {
  provider: UserIdentityProviderEnum;
  /** The id, with its provider or without. */
  user_id: UserId;
  /** Which connection, where the provider has several. */
  connection_id?: string;
  link_with?: never;
}

export interface LinkUserIdentityByToken {
  /** An ID token of the account to link. */
  link_with: string;
  provider?: never;
  user_id?: never;
  connection_id?: never;
}

export interface UserIdentitiesClient {
  /**
   * Links another account to the user.
   *
   * Resolves to all accounts, the primary one first. The other user disappears; its profile becomes the `profileData`
   * of its account, and its metadata is lost. `update:current_user_identities` is for one's own, with `link_with`.
   * Rejects with status 400 if the account is unknown, the user's own, or its token is not accepted, and with 409 if it
   * is linked already.
   *
   * `POST /users/{id}/identities` · `update:users` or `update:current_user_identities` · immediate · sent once
   */
  link(
    id: string,
    request: LinkUserIdentityRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<UserIdentity[]>;

  /**
   * Makes a linked account a user of its own again, without metadata.
   *
   * Takes the id as `identities` of the user has it, without the provider and as text or a number; with the provider the
   * server changes nothing and still succeeds. Resolves to the accounts
   * that are left. `update:current_user_identities` is for one's own. Rejects with status 400 for the primary account.
   *
   * `DELETE /users/{id}/identities/{provider}/{user_id}` · `update:users` or `update:current_user_identities` ·
   * immediate · idempotent
   */
  delete(
    id: string,
    provider: UserIdentityProviderEnum,
    user_id: string | number,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<DeleteUserIdentityResponseContent>;
}
