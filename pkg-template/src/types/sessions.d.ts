/** A session of a user, which single sign-on goes by. */
export interface SessionResponseContent {
  id?: string;
  user_id?: string;
  created_at?: SessionDate;
  updated_at?: SessionDate;
  authenticated_at?: SessionDate;
  /** When it ends unless it is used. */
  idle_expires_at?: SessionDate;
  expires_at?: SessionDate;
  last_interacted_at?: SessionDate;
  device?: SessionDeviceMetadata;
  /** The applications that have used it. */
  clients?: SessionClientMetadata[];
  authentication?: SessionAuthenticationSignals;
  cookie?: SessionCookieMetadata;
  session_metadata?: SessionMetadata | null;
  /** Who acts for the user. */
  actor?: SessionActorMetadata;
}

/** ISO 8601; an object in some records of old. */
export type SessionDate = string | Record<string, any> | null;
export type SessionMetadata = Record<string, any>;
export type SessionIp = string | null;

export interface SessionDeviceMetadata {
  initial_user_agent?: string;
  initial_ip?: SessionIp;
  /** The autonomous system of the address. */
  initial_asn?: string;
  last_user_agent?: string;
  last_ip?: SessionIp;
  last_asn?: string;
}

export interface SessionClientMetadata {
  client_id?: string;
}

export interface SessionAuthenticationSignals {
  methods?: SessionAuthenticationSignal[];
}

export interface SessionAuthenticationSignal {
  name?: string;
  timestamp?: SessionDate;
  type?: string;
}

export interface SessionCookieMetadata {
  mode?: SessionCookieMetadataModeEnum;
}

export type SessionCookieMetadataModeEnum = Open<"non-persistent" | "persistent">;

export interface SessionActorMetadata {
  sub: string;
}

export interface ListUserSessionsRequestParameters extends CheckpointParameters {
  /** Whether the answer has a total; it does by default. */
  include_totals?: boolean | null;
}

export interface ListUserSessionsPaginatedResponseContent {
  sessions: SessionResponseContent[];
  next?: string;
  total?: number;
}

export interface UserSessionsClient {
  /**
   * Lists the sessions of a user, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{user_id}/sessions` · `read:sessions` · eventual · idempotent
   */
  list(
    user_id: string,
    request?: ListUserSessionsRequestParameters,
    requestOptions?: RequestOptions,
  ): Promise<Page<SessionResponseContent, ListUserSessionsPaginatedResponseContent>>;

  /**
   * Ends all sessions of a user.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `DELETE /users/{user_id}/sessions` · `delete:sessions` · eventual · idempotent
   */
  delete(user_id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;
}

/** A refresh token of a user, without the token itself. */
export interface RefreshTokenResponseContent {
  id?: string;
  user_id?: string;
  created_at?: RefreshTokenDate;
  /** When it ends unless it is used. */
  idle_expires_at?: RefreshTokenDate;
  expires_at?: RefreshTokenDate;
  device?: RefreshTokenDevice;
  client_id?: string;
  session_id?: RefreshTokenSessionId;
  rotating?: boolean;
  resource_servers?: RefreshTokenResourceServer[];
  refresh_token_metadata?: RefreshTokenMetadata | null;
  last_exchanged_at?: RefreshTokenDate;
}

/** ISO 8601; an object in some records of old. */
export type RefreshTokenDate = string | RefreshTokenDateObject | null;
export type RefreshTokenDateObject = Record<string, any>;
export type RefreshTokenMetadata = Record<string, any>;
export type RefreshTokenSessionId = string | null;

export interface RefreshTokenDevice {
  initial_ip?: string;
  /** The autonomous system of the address. */
  initial_asn?: string;
  initial_user_agent?: string;
  last_ip?: string;
  last_asn?: string;
  last_user_agent?: string;
}

export interface RefreshTokenResourceServer {
  audience?: string;
  /** With spaces between. */
  scopes?: string;
}

export interface ListRefreshTokensRequestParameters extends CheckpointParameters {
  /** Whether the answer has a total; it does by default. */
  include_totals?: boolean | null;
}

export interface ListRefreshTokensPaginatedResponseContent {
  tokens: RefreshTokenResponseContent[];
  next?: string;
  total?: number;
}

export interface UserRefreshTokenClient {
  /**
   * Lists the refresh tokens of a user, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{user_id}/refresh-tokens` · `read:refresh_tokens` · eventual · idempotent
   */
  list(
    user_id: string,
    request?: ListRefreshTokensRequestParameters,
    requestOptions?: RequestOptions,
  ): Promise<Page<RefreshTokenResponseContent, ListRefreshTokensPaginatedResponseContent>>;

  /**
   * Revokes all refresh tokens of a user.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `DELETE /users/{user_id}/refresh-tokens` · `delete:refresh_tokens` · eventual · idempotent
   */
  delete(user_id: string, requestOptions?: RequestOptions): HttpResponsePromise<void>;
}
