// The options of createTenant.

import { isRecord, type UnknownRecord } from "../client/objects.ts";
import type { NewUser } from "./directory.ts";

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

/** The options as the tenant uses them. */
interface TenantConfig {
  domain: string;
  clock: () => number;
  /** A token with every scope, or the first of `tokens`. */
  token: string;
  /** The users to have, in place of made-up ones. */
  users: NewUser[];
  /** What the module reads, by its own names. */
  settings: UnknownRecord;
}

/** Reads the options. Throws a `TypeError` that names the one that is not valid; the module checks the others. */
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

/** Returns a value that is an object. */
export function checkObject<T>(value: T, name: string): T & object {
  if (isRecord(value)) return value;
  throw new TypeError(`${name} has to be an object, not ${show(value)}`);
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : Array.isArray(value) ? "an array" : String(value);
}

/** Returns the same object with its properties named as the tenant names them. */
export function snake(object: object): UnknownRecord {
  const renamed = Object.entries(object).map(([name, value]: [string, unknown]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(renamed) as UnknownRecord;
}

/** Returns a message of the tenant with the names that JavaScript has. */
export function camel(message: string): string {
  return message.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
