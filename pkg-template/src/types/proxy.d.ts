import type { ManagementClient, ManagementClientOptions, OperationName, OperationRule } from "auth0-users";

export type { Capabilities, OperationName, OperationRule } from "auth0-users";

/** The type of a global class, where the program has one. */
type Instance<Name extends string, Otherwise> =
  typeof globalThis extends Record<Name, { prototype: infer Type }> ? Type : Otherwise;

/** The `Request` of the runtime. */
export type ProxyRequest = Instance<
  "Request",
  { readonly method: string; readonly url: string; readonly headers: { get(name: string): string | null } }
>;

/** The `Response` of the runtime. */
export type ProxyResponse = Instance<
  "Response",
  { readonly status: number; readonly headers: { get(name: string): string | null }; text(): Promise<string> }
>;

/** Answers a request below `basePath`. The promise never rejects: every failure is an answer in the API's error form. */
export type ProxyHandler = (request: ProxyRequest) => Promise<ProxyResponse>;

/**
 * Makes the server half of an admin console: a function that holds the token of the Management API, asks who is there,
 * and lets through only the operations and fields that are allowed.
 *
 * Throws a `TypeError` that names what is wrong with the options, such as an operation in `allow` that does not exist.
 */
export function createProxy<A extends Actor>(options: ProxyOptions<A>): ProxyHandler;

/**
 * Returns a listener for `createServer()` of node:http and node:http2, and a handler for Express. Mount it before anything
 * that reads bodies. A body that `express.json()` has read is accepted, but not checked for names that it has twice.
 */
export function toNodeHandler(proxy: ProxyHandler): (request: any, response: any, next?: any) => Promise<void>;

/** Who asks: an id, or an object with an `id`. Calls are counted by it, and audit events have it. */
export type Actor = string | { readonly id: string };

export type ProxyOptions<A extends Actor = Actor> = ProxySettings<A> &
  // Either a client, or what one is made from.
  (
    | ({ client: ManagementClient<any, any> } & { [Name in ClientOptionNames]?: never })
    | (ClientOptions & { client?: never })
  );

/** The options of a client, without those for pages: `csrf` is another thing here. */
type ClientOptions = ManagementClientOptions extends infer Options
  ? Options extends any
    ? Omit<Options, "credentials" | "csrf">
    : never
  : never;

type ClientOptionNames = ClientOptions extends infer Options ? (Options extends any ? keyof Options : never) : never;

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

/** What is allowed, by the names of operations. */
export type Allow = { readonly [Name in OperationName]?: boolean | OperationRule };

/**
 * How a request ended:
 * - `ok`: it was answered with success.
 * - `refused`: the proxy or the API refused it; nothing was changed.
 * - `failed`: it failed, and nothing was changed.
 * - `withdrawn`: the browser had gone; a change was not sent.
 * - `unknown`: a change may have been made.
 */
export type AuditOutcome = "ok" | "refused" | "failed" | "withdrawn" | "unknown";

/**
 * One request, for an audit log. It has names and ids, never values of profile fields, tokens or passwords. Every text is
 * one line of at most 300 characters, without control characters.
 */
export interface AuditEvent {
  /** When the request came, as ISO 8601 in UTC. */
  readonly time: string;
  /** The id of who asked; null if the request is not signed in. */
  readonly actor: string | null;
  /** The operation; null if there is none with this method and path. */
  readonly operation: OperationName | "capabilities" | null;
  /**
   * What the request is about: the identifiers in its path, `identifier`, `email` or `user_id` of its query or body, and
   * the id of what a `create` has made, such as `user_id` for a user and `id` for a job.
   */
  readonly target: Readonly<Record<string, string>>;
  /** The names of the fields in the body, and of the keys in metadata, such as `user_metadata.theme`; at most 1,000. */
  readonly fields: readonly string[];
  /** The ids in the body. */
  readonly related: AuditRelated;
  /** The names of the query parameters. */
  readonly query: readonly string[];
  /** How it ended. */
  readonly outcome: AuditOutcome;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Why it was refused, by the API or by the proxy. */
  readonly errorCode?: string;
  /** The API's id of the request: `x-auth0-requestid`, or else `x-correlation-id`. Absent where the API was not asked. */
  readonly requestId?: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** The ids in the body of a change; each is absent where the body does not have it. */
export interface AuditRelated {
  /** The ids of roles that are assigned or removed. */
  readonly roles?: readonly string[];
  /** Permissions that are assigned or removed. */
  readonly permissions?: readonly {
    readonly resource_server_identifier?: string;
    readonly permission_name?: string;
  }[];
  /** The account that a mail or a ticket is for. */
  readonly identity?: { readonly provider?: string; readonly user_id?: string };
  readonly client_id?: string;
  readonly connection?: string;
  readonly connection_id?: string;
  readonly organization_id?: string;
  readonly provider?: string;
  readonly session_id?: string;
}
