// The options of createTenant.

import { isRecord, type UnknownRecord } from "../client/objects.ts";
import type { NewUser } from "./directory.ts";

/** The options of a tenant. The same options result in the same tenant, with the same ids. */
export interface TenantOptions {
  /** The number of users to generate, or the users. 50 by default. */
  users?: number | readonly NewUser[];
  /** An integer that seeds all generated values. 1 by default. */
  seed?: number;
  /** The host of {@link Tenant.url}, which need not exist. `"tenant.test"` by default. */
  domain?: string;
  /** Returns the time in milliseconds since 1970. `Date.now` by default. */
  clock?: () => number;
  /** The accepted tokens. By default `"tenant-demo-token"`, with every scope. */
  tokens?: readonly TenantToken[];
  /**
   * The applications for which `/oauth/token` issues tokens. By default `"tenant-demo-client"` with
   * `"tenant-demo-secret"`.
   */
  clients?: readonly TenantClient[];
  /** Limits the rate as the API does, with 429 and its `x-ratelimit-*` headers. No limit by default. */
  rate?: TenantRate | null;
  /** A second limit, for requests that are not `GET`. None by default. */
  writeRate?: TenantRate | null;
  /** The custom domains. With several, creating a user requires the header `auth0-custom-domain`. None by default. */
  customDomains?: readonly string[];
  /** Whether a full last page of a checkpoint list has a `next` that leads to an empty page. `false` by default. */
  emptyLastPage?: boolean;
  /** The maximum number of matches of a search. 1000 by default, as in the API; `null` removes the cap. */
  searchCap?: number | null;
  /** The delay until searches see a change, in milliseconds. Reads by id or email see it at once. 0 by default. */
  searchLagMs?: number;
  /** The accepted values of `search_engine`. `["v3"]` by default. */
  searchEngines?: readonly ("v1" | "v2" | "v3")[];
  /** Whether a user without an enrollment gets a recovery code, or 404. `true` by default. */
  recoveryCodeWithoutEnrollment?: boolean;
  /** The duration of a job, in milliseconds. 1000 by default. */
  jobMs?: number;
  /** The number of polls after which a job is done at the latest. 3 by default. */
  jobPolls?: number;
  /** The delay until deleted sessions and refresh tokens disappear, in milliseconds. 0 by default. */
  deletionDelayMs?: number;
  /** Whether brute-force protection is on. `true` by default. */
  bruteForceProtection?: boolean;
  /** The latency of every answer, in milliseconds. 0 by default. */
  latencyMs?: number;
  /** Random faults. None by default. */
  faults?: RandomFaults | null;
  /** The maximum number of requests in the journal; the oldest are dropped. 100,000 by default. */
  journal?: number;
}

/** A token and its scopes. */
export interface TenantToken {
  token: string;
  /** Every scope by default. */
  scopes?: readonly string[];
  /** The user it was issued to. Its `current_user` scopes apply to that user only. */
  subject?: string;
  /** No expiry by default. */
  expiresInMs?: number;
}

/** A machine-to-machine application. */
export interface TenantClient {
  id: string;
  /** Without a secret, it authenticates with its private key only. */
  secret?: string;
  /** The public RSA key that verifies its assertions. */
  publicKeyPem?: string;
  /** Every scope by default. */
  scopes?: readonly string[];
  /** The lifetime of its tokens. A day by default. */
  tokenSeconds?: number;
}

/** A token bucket, refilled at the start of every second. */
export interface TenantRate {
  /** The capacity: the number of requests that a full bucket allows at once. */
  burst: number;
  perSecond: number;
  /** Whether a 429 also has `retry-after`, unlike in the API. */
  retryAfter?: boolean;
}

/** Random faults. */
export interface RandomFaults {
  /** The share of requests with a fault, from 0 to 1. */
  rate: number;
  /** The kinds to choose from. All of them by default. */
  kinds?: readonly ("too_many_requests" | "server_error" | "reset" | "truncate" | "stall" | "content_type")[];
  /** The share of the faults, from 0 to 1, that happen after the request was applied. 0.5 by default. */
  afterCommit?: number;
  /** Seeds the choice of requests and faults. */
  seed?: number;
}

/** The options as the tenant uses them. */
interface TenantConfig {
  domain: string;
  clock: () => number;
  /** A token with every scope, or the first of `tokens`. */
  token: string;
  /** The given users; empty if they are generated. */
  users: NewUser[];
  /** The options for the module, by its names. */
  settings: UnknownRecord;
}

/** Reads the options. Throws a `TypeError` that names the invalid option. The module checks the settings. */
export function readOptions(given: TenantOptions): TenantConfig {
  const { users = 50, domain = "tenant.test", clock = Date.now, ...options } = checkObject(given, "options");
  if (typeof domain !== "string" || !/^[\w.-]+(:\d+)?$/.test(domain)) {
    throw new TypeError(`domain has to be a host such as "tenant.test", not ${show(domain)}`);
  }
  if (typeof clock !== "function") {
    throw new TypeError(`clock has to be a function that returns milliseconds, not ${show(clock)}`);
  }
  const isList = Array.isArray(users);
  return {
    domain,
    clock,
    token: options.tokens?.[0]?.token ?? "tenant-demo-token",
    users: isList ? (structuredClone(users) as NewUser[]) : [],
    settings: snakeOptions({ ...options, users: isList ? 0 : users, origin: `https://${domain}` }),
  };
}

function snakeOptions(options: object): UnknownRecord {
  const named = snake(options);
  for (const name of ["rate", "write_rate", "faults"]) {
    if (named[name]) named[name] = snake(checkObject(named[name], name));
  }
  for (const name of ["tokens", "clients"]) {
    const items: unknown = named[name];
    if (Array.isArray(items)) named[name] = items.map((item: unknown) => snake(checkObject(item, name)));
  }
  return named;
}

/** Returns an object, and throws for any other value. */
export function checkObject<T>(value: T, name: string): T & object {
  if (isRecord(value)) return value;
  throw new TypeError(`${name} has to be an object, not ${show(value)}`);
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : Array.isArray(value) ? "an array" : String(value);
}

/** Returns a copy of an object, with the names of properties in snake case. */
export function snake(object: object): UnknownRecord {
  const renamed = Object.entries(object).map(([name, value]: [string, unknown]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(renamed) as UnknownRecord;
}

/** Returns a message of the module, with the names of options in camel case. */
export function camel(message: string): string {
  return message.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
