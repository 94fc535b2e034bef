/** An event in the log of the tenant. */
export interface Log {
  date?: LogDate;
  /** A code such as `s` for a login, or `f` for a failed one. */
  type?: string;
  description?: string | null;
  connection?: string;
  connection_id?: string;
  client_id?: string;
  client_name?: string;
  ip?: string;
  hostname?: string;
  user_id?: string;
  user_name?: string;
  audience?: string;
  scope?: string;
  strategy?: string;
  strategy_type?: string;
  log_id?: string;
  isMobile?: boolean;
  details?: LogDetails;
  user_agent?: string;
  security_context?: LogSecurityContext;
  location_info?: LogLocationInfo;
}

/** ISO 8601; an object in some records of old. */
export type LogDate = string | LogDateObject;
export type LogDateObject = Record<string, any>;
export type LogDetails = Record<string, any>;

/** Fingerprints of the TLS client. */
export interface LogSecurityContext {
  ja3?: string;
  ja4?: string;
}

/** Where the address is. */
export interface LogLocationInfo {
  country_code?: string;
  country_code3?: string;
  country_name?: string;
  city_name?: string;
  latitude?: number;
  longitude?: number;
  time_zone?: string;
  continent_code?: string;
}

export interface ListUserLogsRequestParameters<T extends Flag = Flag> extends OffsetParameters<T> {
  /** A field, a colon, and `1` (up) or `-1` (down), such as `date:-1`. */
  sort?: SortOrder | null;
}

export interface UserListLogOffsetPaginatedResponseContent {
  start: number;
  limit: number;
  length: number;
  total: number;
  logs: Log[];
}

export interface UserLogsClient {
  /**
   * Lists what the log of the tenant holds about a user, page by page.
   *
   * Reaches the first 1,000 events.
   *
   * `GET /users/{id}/logs` · `read:logs` or `read:logs_users` · eventual · idempotent
   */
  list<const T extends Flag = true>(
    id: string,
    request?: ListUserLogsRequestParameters<T>,
    requestOptions?: RequestOptions,
  ): Promise<Page<Log, Listed<T, UserListLogOffsetPaginatedResponseContent, Log>>>;
}
