// The options of createProxy.

import { ManagementClient, type ManagementClientOptions } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { isRecord, record } from "../client/objects.ts";
import { type Allow, readAllow, type Rules } from "./allow.ts";
import type { AuditEvent } from "./audit.ts";
import type { ProxyRequest } from "./handler.ts";
import { type Origins, readOrigins } from "./origins.ts";

/** The sender of a request: an id, or an object with an `id`. Limits and audit events use the id. */
export type Actor = string | { readonly id: string };

export type ProxyOptions<A extends Actor = Actor> = ProxySettings<A> &
  // Either the options of a client, or a client.
  (
    | (ClientOptions & { client?: never })
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever metadata it declares
    | ({ client: ManagementClient<any, any> } & { [Name in ClientOptionNames]?: never })
  );

/** The options of a client, without those for pages: `csrf` has another meaning here. */
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
   * Returns the actor of a request, from its cookies or headers. Null, undefined and false result in 401. Do not read
   * the body of the request here.
   */
  authorize: (request: ProxyRequest) => A | null | undefined | false | Promise<A | null | undefined | false>;
  /**
   * The allow-list of operations. An object is read once; a function is called for each request. A limit must be an
   * array: `fields: undefined` is refused, since it would allow every field.
   */
  allow: Allow | ((actor: A) => Allow | Promise<Allow>);
  /** Returns the token that each write must send in the header `x-csrf-token`; `false` disables the check. */
  csrf: false | ((request: ProxyRequest, actor: A) => string | Promise<string>);
  /** The base path of the operations; `"/admin-api"` by default. */
  basePath?: string;
  /**
   * Further origins whose pages may use the proxy: a list, or a function that decides for each `Origin`. An origin is
   * refused unless the function returns true; errors that it throws go to `onError`.
   *
   * Required if the proxy does not see its public origin: behind a server that terminates TLS, and in Next.js, whose
   * requests have `http://localhost:3000` as their URL.
   *
   * @example
   * origins: (origin) => origin === `https://${process.env.PUBLIC_HOST}`
   */
  origins?: readonly string[] | ((origin: string, request: ProxyRequest) => boolean | Promise<boolean>);
  /** The maximum size of a body, in bytes; 1,048,576 by default. */
  maxBodyBytes?: number;
  /** The share of 64 concurrent calls, running or waiting, that one actor may have; 0.5 by default. */
  rateShare?: number;
  /** Called for every request, before the response, which waits for it. A failure does not change the response. */
  onAudit?: (event: AuditEvent) => unknown;
  /** Called with the errors that the functions given here throw; `console.error` by default. */
  onError?: (error: unknown) => void;
}

/** The number of concurrent calls that actors share. */
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
  /** The maximum number of running and waiting calls of one actor. */
  maxCalls: number;
  onAudit: ((event: AuditEvent) => unknown) | undefined;
  onError: (error: unknown) => unknown;
}

/** The options of the proxy; the others are those of a client. */
type GivenOptions<A extends Actor> = ProxySettings<A> & { client?: ManagementClient };

/** Reads the options, once. Throws a `TypeError` that names the invalid option. */
export function readOptions<A extends Actor>(options: ProxyOptions<A>): ProxyConfig<A> {
  check(isRecord(options), "createProxy must be given an object of options");
  // Own properties only: those of a prototype are not meant for the proxy.
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

/** Returns a function that returns the rules for an actor. The result of a function is read for each request. */
function readRules<A extends Actor>(allow: ProxySettings<A>["allow"]): ProxyConfig<A>["rulesFor"] {
  if (typeof allow === "function") return async (actor) => readAllow(await allow(actor));
  const rules = readAllow(allow);
  return () => rules;
}
