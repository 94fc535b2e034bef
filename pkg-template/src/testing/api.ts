// What createTenant returns.

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

/** The type of the global `fetch`, where the program has the types for one. */
export type Fetch = typeof globalThis extends { fetch: infer GlobalFetch }
  ? GlobalFetch
  : // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it is given to others, whatever they declare
    (input: any, init?: any) => Promise<any>;

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
