// The interface of a tenant.

import type {
  AddedConnection,
  AddedOrganization,
  AddedRole,
  AddedUser,
  Directory,
  NewConnection,
  NewOrganization,
  NewRole,
  NewUser,
  RelatedCounts,
} from "./directory.ts";
import type { RandomFaults, TenantRate, TenantToken } from "./options.ts";

/** The type of the global `fetch`, if the program declares it. */
export type Fetch = typeof globalThis extends { fetch: infer GlobalFetch }
  ? GlobalFetch
  : // eslint-disable-next-line @typescript-eslint/no-explicit-any -- fits any declaration of fetch
    (input: any, init?: any) => Promise<any>;

/** A local tenant. */
export interface Tenant {
  /** The base URL of the API, such as `"https://tenant.test/api/v2"`: the `baseUrl` of a client. */
  readonly url: string;
  /** The host alone: the `domain` of a client. */
  readonly domain: string;
  /** A token with every scope, or the first of `tokens`. */
  readonly token: string;
  /**
   * Answers a request to any host as `fetch` does: pass it as the `fetch` option of a client, or call it in an
   * interceptor. It also answers `POST /oauth/token` and the downloads of exports.
   *
   * Rejects with a `TypeError` if a fault resets the connection, and with the reason of the signal if that aborts.
   */
  readonly fetch: Fetch;
  readonly users: {
    /** Adds users, and returns them as the API shows them. Throws if one is invalid or exists. */
    add(user: NewUser): AddedUser;
    add(...users: NewUser[]): AddedUser[];
  };
  readonly roles: {
    /** Adds roles, and their permissions if these are new. */
    add(role: NewRole): AddedRole;
    add(...roles: NewRole[]): AddedRole[];
  };
  readonly organizations: {
    /** Adds organizations. `organizations` of a new user makes it a member. */
    add(organization: NewOrganization): AddedOrganization;
    add(...organizations: NewOrganization[]): AddedOrganization[];
  };
  readonly connections: {
    /** Adds connections. */
    add(connection: NewConnection): AddedConnection;
    add(...connections: NewConnection[]): AddedConnection[];
  };
  /** Returns names and ids of the connections, roles, APIs, organizations and groups. */
  directory(): Directory;
  /** Attaches generated sessions, log events and memberships to a user. */
  attach(userId: string, counts: RelatedCounts): void;
  /** Blocks a login as brute-force protection does after failed attempts. */
  block(login: { identifier: string; connection: string; ip?: string }): void;
  /** Returns the verification mails that would have been sent, oldest first. */
  mails(): { type: "verification_email"; to: string; user_id: string; at: string }[];
  /** Returns the requests so far, oldest first: all of them, or those after a number, and at most `take`. */
  journal(part?: { after?: number; take?: number }): JournalEntry[];
  /** Clears the journal. */
  clearJournal(): void;
  /** Injects a fault into the next request, or into the next `times`. */
  failNext(fault: Fault): void;
  /** Injects random faults; `null` stops them. */
  setFaults(faults: RandomFaults | null): void;
  /** Sets a rate limit, with a full bucket; `null` removes it. */
  setRate(rate: TenantRate | null): void;
  /** Sets the latency of all later answers, in milliseconds. */
  setLatency(ms: number): void;
  /** Advances the clock of the tenant. */
  advanceClock(ms: number): void;
  /** Accepts one more token. */
  addToken(token: TenantToken): void;
  /** Restores the initial state. */
  reset(): void;
  /** Returns the state as plain data: users and their related resources, the directory, jobs, tokens. */
  snapshot(): Snapshot;
  /** Restores the state of a snapshot. Throws, and changes nothing, if it is not a snapshot. */
  restore(snapshot: Snapshot): void;
}

/** The result of {@link Tenant.snapshot}. It survives JSON and structured cloning; its contents may change. */
export interface Snapshot {
  readonly version: number;
}

/** A fault of the next request. */
export interface Fault {
  /** The number of requests. 1 by default. */
  times?: number;
  /** Limits the fault to an operation, such as `"users.list"`. */
  operation?: string;
  /** Limits the fault to a user, by the identifier in the path. */
  userId?: string;
  /** Whether the request is applied before the fault. */
  afterCommit?: boolean;
  /** The status of the answer, from 200 to 599. By default that of the operation. */
  status?: number;
  body?: string;
  contentType?: string;
  headers?: Record<string, string>;
  /** The connection ends without an answer. */
  reset?: boolean;
  /** The connection ends after half of the body. */
  truncate?: boolean;
  /** The body stops half way, and the connection stays open. */
  stall?: boolean;
}

/** A request and its outcome. */
export interface JournalEntry {
  /** The number of the request, from 1. */
  number: number;
  method: string;
  /** The path as sent, percent-encoded. */
  path: string;
  query: string | null;
  /** Names are in lower case; credentials are left out. */
  headers: Record<string, string>;
  /** The body; left out for a token request. */
  body: string;
  /** The status of the answer; `null` if the connection ended without one. */
  status: number | null;
  /** Whether the request was applied, whatever the answer. */
  committed: boolean;
  /** The injected fault. */
  fault: "status" | "content_type" | "body" | "headers" | "reset" | "truncate" | "stall" | null;
  /** The name of the operation, such as `"users.list"`. */
  operation: string | null;
  /** The time of the request, in milliseconds since 1970. */
  at: number;
}
