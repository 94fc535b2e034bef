// The options of createProxy.

import { ManagementClient, type ManagementClientOptions } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { isRecord, record } from "../client/objects.ts";
import { type Allow, readAllow, type Rules } from "./allow.ts";
import type { AuditEvent } from "./audit.ts";
import type { ProxyRequest } from "./handler.ts";
import { type Origins, readOrigins } from "./origins.ts";

/** Who asks: an id, or an object with an `id`. Calls are counted by it, and audit events have it. */
export type Actor = string | { readonly id: string };

export type ProxyOptions<A extends Actor = Actor> = ProxySettings<A> &
  // Either the options of a client, or one.
  (
    | (ClientOptions & { client?: never })
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever metadata it declares
    | ({ client: ManagementClient<any, any> } & { [Name in ClientOptionNames]?: never })
  );

/** The options of a client, without those for pages: `csrf` is another thing here. */
type ClientOptions = ManagementClientOptions extends infer Options
  ? Options extends unknown
    ? Omit<Options, "credentials" | "csrf">
    : never
  : never;

type ClientOptionNames = ClientOptions extends infer Options
  ? Options extends unknown
    ? keyof Options
    : never
  : never;

export interface ProxySettings<A extends Actor = Actor> {
  /**
   * Returns who sends a request, by its cookies or headers. Null, undefined and false are answered with 401. Do not read
   * the body of the request here.
   */
  authorize: (request: ProxyRequest) => A | null | undefined | false | Promise<A | null | undefined | false>;
  /**
   * What is allowed; nothing else is. An object is read once; a function is called for each request. A limit must be an
   * array: `fields: undefined` is refused, since it would allow every field.
   */
  allow: Allow | ((actor: A) => Allow | Promise<Allow>);
  /** Returns the token that each write must have in its header `x-csrf-token`; `false` goes without. */
  csrf: false | ((request: ProxyRequest, actor: A) => string | Promise<string>);
  /** The path below which the operations are; `"/admin-api"` by default. */
  basePath?: string;
  /**
   * Origins from which pages may use the proxy, besides its own: a list, or a function that decides for each `Origin`.
   * An origin is refused unless the function returns true; what it throws goes to `onError`.
   *
   * Required where the proxy does not see its public origin: behind a server that ends TLS, and in Next.js, whose requests
   * have `http://localhost:3000` as their URL.
   *
   * @example
   * origins: (origin) => origin === `https://${process.env.PUBLIC_HOST}`
   */
  origins?: readonly string[] | ((origin: string, request: ProxyRequest) => boolean | Promise<boolean>);
  /** The largest body that is read, in bytes; 1,048,576 by default. */
  maxBodyBytes?: number;
  /** How many of 64 calls one actor may have under way or waiting at once, as a share; 0.5 by default. */
  rateShare?: number;
  /** Called with every request, before it is answered; the answer waits for it. A failure does not change the answer. */
  onAudit?: (event: AuditEvent) => unknown;
  /** Called with what the functions given here have thrown; `console.error` by default. */
  onError?: (error: unknown) => void;
}

/** How many calls of all actors there are shares of. */
const CALLS = 64;
const MAX_BODY_BYTES = 1_048_576;

/** The options as the proxy uses them. */
export interface ProxyConfig<A extends Actor> {
  client: ManagementClient;
  authorize: ProxySettings<A>["authorize"];
  rulesFor: (actor: A) => Rules | Promise<Rules>;
  basePath: string;
  origins: Origins;
  csrf: ProxySettings<A>["csrf"];
  maxBodyBytes: number;
  /** How many calls one actor may have under way or waiting. */
  maxCalls: number;
  onAudit: ((event: AuditEvent) => unknown) | undefined;
  onError: (error: unknown) => unknown;
}

/** What the options may have; what is left are those of a client. */
type GivenOptions<A extends Actor> = ProxySettings<A> & { client?: ManagementClient };

/** Reads the options, once. Throws a `TypeError` that names what is wrong with them. */
export function readOptions<A extends Actor>(options: ProxyOptions<A>): ProxyConfig<A> {
  check(isRecord(options), "createProxy must be given an object of options");
  // Own properties only: what a prototype has was not meant for the proxy.
  const given = record(options as GivenOptions<A>);
  const { client, authorize, allow, basePath = "/admin-api", origins, csrf, ...others } = given;
  const {
    maxBodyBytes = MAX_BODY_BYTES,
    rateShare = 0.5,
    onAudit,
    onError = console.error,
    ...clientOptions
  } = record(others);
  check(typeof authorize === "function", "authorize must be a function that returns who is asking, or null");
  check(
    typeof basePath === "string" && /^(\/[\w~-][\w.~-]*)*$/.test(basePath),
    'basePath must be a path such as "/admin-api", without a slash at its end',
  );
  check(
    csrf === false || typeof csrf === "function",
    "csrf must be a function that returns the token of a session, or false to go without",
  );
  check(Number.isSafeInteger(maxBodyBytes) && maxBodyBytes > 0, "maxBodyBytes must be a whole number above 0");
  check(rateShare > 0 && rateShare <= 1, "rateShare must be a number above 0 and up to 1");
  check(onAudit === undefined || typeof onAudit === "function", "onAudit must be a function");
  check(typeof onError === "function", "onError must be a function");
  const unused = Object.entries(clientOptions).filter(([, value]) => value !== undefined);
  check(
    client === undefined || unused.length === 0,
    `client is given, so ${unused[0]?.[0]} has no effect; leave it out`,
  );
  check(client === undefined || isRecord(client?.users), "client must be a ManagementClient");
  return {
    authorize,
    rulesFor: readRules(allow),
    basePath,
    origins: readOrigins(origins),
    csrf,
    maxBodyBytes,
    maxCalls: Math.max(1, Math.floor(CALLS * rateShare)),
    onAudit,
    onError,
    client: client ?? new ManagementClient(record(clientOptions) as ManagementClientOptions),
  };
}

/** Returns the rules for an actor. What a function gives is read each time: it may have changed. */
function readRules<A extends Actor>(allow: ProxySettings<A>["allow"]): ProxyConfig<A>["rulesFor"] {
  if (typeof allow === "function") return async (actor) => readAllow(await allow(actor));
  const rules = readAllow(allow);
  return () => rules;
}
