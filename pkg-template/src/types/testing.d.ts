/**
 * Makes a local tenant: the server side of the operations of this package, in memory, with made-up users. It answers as
 * the Management API does, down to the messages of its refusals, and does so for this client, for any other, and for
 * none. It has no timers, connections or files, and is gone when nothing refers to it.
 *
 * Throws a `TypeError` that names the option when one is not valid.
 */
export function createTenant(options?: TenantOptions): Tenant;

/** The type of the global `fetch`, where the program has the types for one. */
export type Fetch = typeof globalThis extends { fetch: infer GlobalFetch }
  ? GlobalFetch
  : (input: any, init?: any) => Promise<any>;

/** What a tenant is made of; the same options give the same tenant, with the same ids. */
export interface TenantOptions {
  /** How many users to make up, or the users to have. 50 by default. */
  users?: number | readonly NewUser[];
  /** An integer that decides every made-up value. 1 by default. */
  seed?: number;
  /** The host of {@link Tenant.url}, which nothing has to answer at. `"tenant.test"` by default. */
  domain?: string;
  /** The time in milliseconds since 1970. `Date.now` by default. */
  clock?: () => number;
  /** Tokens that are accepted. By default `"tenant-demo-token"`, with every scope. */
  tokens?: readonly TenantToken[];
  /** Applications that `/oauth/token` gives tokens to. By default `"tenant-demo-client"` with `"tenant-demo-secret"`. */
  clients?: readonly TenantClient[];
  /** Limits requests as the API does, with 429 and its `x-ratelimit-*` headers. No limit by default. */
  rate?: TenantRate | null;
  /** A second limit, for requests that are not `GET`. None by default. */
  writeRate?: TenantRate | null;
  /** Custom domains; with several, whoever creates a user has to name one in `auth0-custom-domain`. None by default. */
  customDomains?: readonly string[];
  /** Whether a full last page of a checkpoint list has a `next` as well, which leads to an empty page. `false` by default. */
  emptyLastPage?: boolean;
  /** How many matches a search can reach. 1000 by default, as the API has it; `null` lifts the cap. */
  searchCap?: number | null;
  /** How long searches do not see a change, in milliseconds. Reading by id or email address always does. 0 by default. */
  searchLagMs?: number;
  /** The values of `search_engine` that are accepted. `["v3"]` by default. */
  searchEngines?: readonly ("v1" | "v2" | "v3")[];
  /** Whether a user without an enrollment gets a recovery code, or 404. `true` by default. */
  recoveryCodeWithoutEnrollment?: boolean;
  /** How long a job takes, in milliseconds. 1000 by default. */
  jobMs?: number;
  /** The look at which a job is done, however early it comes. 3 by default. */
  jobPolls?: number;
  /** How long deleted sessions and refresh tokens can still be seen, in milliseconds. 0 by default. */
  deletionDelayMs?: number;
  /** Whether brute-force protection is on. `true` by default. */
  bruteForceProtection?: boolean;
  /** How long every answer takes, in milliseconds. 0 by default. */
  latencyMs?: number;
  /** Faults that strike by chance. None by default. */
  faults?: RandomFaults | null;
  /** How many requests the journal holds before it forgets the oldest. 100,000 by default. */
  journal?: number;
}

/** A local tenant. */
export interface Tenant {
  /** The base of the API, such as `"https://tenant.test/api/v2"`: the `baseUrl` of a client. */
  readonly url: string;
  /** The host alone: the `domain` of a client. */
  readonly domain: string;
  /** A token with every scope, or the first of `tokens`. */
  readonly token: string;
  /**
   * Answers a request, whatever its host, as `fetch` would: the `fetch` option of a client, or what stands behind an
   * interceptor. Besides the API it answers `POST /oauth/token` and the downloads of exports.
   *
   * Rejects with a `TypeError` when the connection was to be reset, and with the reason of the signal when it aborts.
   */
  readonly fetch: Fetch;
  readonly users: {
    /** Adds users as they are described, and gives them as the API shows them. Throws when one is not valid or exists. */
    add(user: NewUser): AddedUser;
    add(...users: NewUser[]): AddedUser[];
  };
  readonly roles: {
    /** Adds roles, and the permissions that they name where they are new. */
    add(role: NewRole): AddedRole;
    add(...roles: NewRole[]): AddedRole[];
  };
  readonly organizations: {
    /** Adds organizations. Users become members when they are added. */
    add(organization: NewOrganization): AddedOrganization;
    add(...organizations: NewOrganization[]): AddedOrganization[];
  };
  readonly connections: {
    /** Adds connections. */
    add(connection: NewConnection): AddedConnection;
    add(...connections: NewConnection[]): AddedConnection[];
  };
  /** Names and ids of the connections, roles, APIs, organizations and groups there are. */
  directory(): Directory;
  /** Attaches generated sessions, log events and memberships to a user. */
  attach(userId: string, counts: RelatedCounts): void;
  /** Blocks a login as brute-force protection does after failed attempts. */
  block(login: { identifier: string; connection: string; ip?: string }): void;
  /** The mails that would have been sent, oldest first: those that ask for the verification of an address. */
  mails(): { type: "verification_email"; to: string; user_id: string; at: string }[];
  /** The requests so far, oldest first: all of them, or those after a number, or no more than `take`. */
  journal(part?: { after?: number; take?: number }): JournalEntry[];
  /** Forgets the requests so far. */
  clearJournal(): void;
  /** Orders a fault for the next request, or for the next `times`. */
  failNext(fault: Fault): void;
  /** Lets faults strike by chance, or no longer with `null`. */
  setFaults(faults: RandomFaults | null): void;
  /** Puts a limit in place with a full bucket, or takes it away with `null`. */
  setRate(rate: TenantRate | null): void;
  /** Makes every later answer take so many milliseconds. */
  setLatency(ms: number): void;
  /** Moves the time of the tenant forward. */
  advanceClock(ms: number): void;
  /** Accepts one more token. */
  addToken(token: TenantToken): void;
  /** Starts over: everything is as when it was made. */
  reset(): void;
  /** Everything that requests can change, as plain data: users and what belongs to them, the directory, jobs, tokens. */
  snapshot(): Snapshot;
  /** Becomes what a tenant was at a snapshot. Throws, and stays as it is, when it is none. */
  restore(snapshot: Snapshot): void;
}

/** What {@link Tenant.snapshot} gives. It survives JSON and structured cloning; what is in it may change. */
export interface Snapshot {
  readonly version: number;
}

/** A token and what it may do. */
export interface TenantToken {
  token: string;
  /** Every scope by default. */
  scopes?: readonly string[];
  /** The user it was issued to, whom alone its `current_user` scopes reach. */
  subject?: string;
  /** By default it does not expire. */
  expiresInMs?: number;
}

/** A machine-to-machine application. */
export interface TenantClient {
  id: string;
  /** Without one only its private key lets it in. */
  secret?: string;
  /** The public half of its RSA key, with which its assertions are checked. */
  publicKeyPem?: string;
  /** Every scope by default. */
  scopes?: readonly string[];
  /** How long its tokens live. A day by default. */
  tokenSeconds?: number;
}

/** A token bucket that is refilled at the top of every second. */
export interface TenantRate {
  /** How many requests a full bucket lets through at once. */
  burst: number;
  perSecond: number;
  /** Whether a 429 carries `retry-after` too, which the API does not. */
  retryAfter?: boolean;
}

/** What the next request meets instead of a proper answer. */
export interface Fault {
  /** How many requests it is for. 1 by default. */
  times?: number;
  /** The only operation it is for, such as `"users.list"`. */
  operation?: string;
  /** The only user it is for, by the identifier in the path. */
  userId?: string;
  /** Whether the request is carried out before its answer is spoilt. */
  afterCommit?: boolean;
  /** The status to answer with, from 200 to 599. Without one the answer is that of the operation. */
  status?: number;
  body?: string;
  contentType?: string;
  headers?: Record<string, string>;
  /** The connection ends without an answer. */
  reset?: boolean;
  /** The body breaks off half way. */
  truncate?: boolean;
  /** The body stops half way, and the connection stays open. */
  stall?: boolean;
}

/** Faults that strike by chance. */
export interface RandomFaults {
  /** The share of requests that meet one, from 0 to 1. */
  rate: number;
  /** The kinds to choose from. All of them by default. */
  kinds?: readonly ("too_many_requests" | "server_error" | "reset" | "truncate" | "stall" | "content_type")[];
  /** The share of the faults, from 0 to 1, that strike after the request was carried out. 0.5 by default. */
  afterCommit?: number;
  /** Decides which requests meet what. */
  seed?: number;
}

/** A request and how it ended. */
export interface JournalEntry {
  /** Counts all requests from 1 on. */
  number: number;
  method: string;
  /** As it came, still encoded. */
  path: string;
  query: string | null;
  /** Names in lower case; credentials are left out. */
  headers: Record<string, string>;
  /** That of a token request is left out. */
  body: string;
  /** The status of the answer; `null` when the connection ended without one. */
  status: number | null;
  /** Whether the request was carried out, whatever its answer said. */
  committed: boolean;
  /** The fault that it met. */
  fault: "status" | "content_type" | "body" | "headers" | "reset" | "truncate" | "stall" | null;
  /** The name of the operation, such as `"users.list"`. */
  operation: string | null;
  /** When it came, in milliseconds since 1970. */
  at: number;
}

/** A user to add: its properties as the API has them, and where it belongs. What is left out is made up. */
export interface NewUser {
  /** The name of the connection. By default `"Username-Password-Authentication"`, which every tenant has. */
  connection?: string;
  /** With the provider in front, such as `"auth0|ada"`. */
  user_id?: string;
  email?: string;
  email_verified?: boolean;
  username?: string;
  phone_number?: string;
  phone_verified?: boolean;
  name?: string;
  nickname?: string;
  given_name?: string;
  family_name?: string;
  picture?: string;
  blocked?: boolean;
  /** As ISO 8601 text in UTC, or in milliseconds since 1970; so are the other times. */
  created_at?: string | number;
  updated_at?: string | number;
  last_login?: string | number;
  last_password_reset?: string | number;
  last_ip?: string;
  logins_count?: number;
  user_metadata?: object;
  app_metadata?: object;
  multifactor?: readonly string[];
  multifactor_last_modified?: string | number;
  /** In place of `connection`: the primary identity first. */
  identities?: readonly {
    connection: string;
    provider?: string;
    user_id?: string;
    isSocial?: boolean;
    profileData?: object;
    access_token?: string;
    refresh_token?: string;
  }[];
  /** Taken so that what is sent to create a user can be added as it is; the tenant keeps no passwords. */
  password?: string;
  verify_email?: boolean;
  /** Ids or names. */
  roles?: readonly string[];
  /** Ids or names. */
  organizations?: readonly string[];
  permissions?: readonly NewPermission[];
}

/** A permission; the API and the permission are added where they are new. */
export interface NewPermission {
  resource_server_identifier: string;
  permission_name: string;
}

/** A user as the API shows it. */
export interface AddedUser {
  user_id: string;
  created_at: string;
  updated_at: string;
  [property: string]: any;
}

export interface NewRole {
  name: string;
  /** Made up by default. */
  id?: string;
  description?: string;
  permissions?: readonly NewPermission[];
}

export interface AddedRole {
  id: string;
  name: string;
  description: string;
}

export interface NewOrganization {
  name: string;
  /** Made up by default. */
  id?: string;
  display_name?: string;
}

export interface AddedOrganization {
  id: string;
  name: string;
  display_name: string;
}

export interface NewConnection {
  name: string;
  /** Made up by default. */
  id?: string;
  /** What stands in front of the ids of its users: `"auth0"`, a database, by default; `"email"`, `"sms"`, `"samlp"`. */
  strategy?: string;
  enabled?: boolean;
  requires_username?: boolean;
  /** Whether profiles come from the provider at each login, which makes them read-only here. */
  syncs_profile?: boolean;
}

export interface AddedConnection {
  id: string;
  name: string;
  strategy: string;
}

/** What there is besides users. */
export interface Directory {
  connections: { id: string; name: string; strategy: string; enabled: boolean; requires_username: boolean }[];
  roles: { id: string; name: string; permissions: NewPermission[] }[];
  resource_servers: { identifier: string; name: string; permissions: string[] }[];
  organizations: { id: string; name: string }[];
  groups: { id: string; name: string; roles: string[] }[];
}

/** How many related resources to attach to a user. */
export interface RelatedCounts {
  /** Each with a refresh token. */
  sessions?: number;
  /** Memberships in new organizations. */
  organizations?: number;
  /** Memberships in new groups. */
  groups?: number;
  /** Events in the log. */
  logs?: number;
  connectedAccounts?: number;
}
