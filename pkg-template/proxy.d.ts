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

/** Takes a request below `basePath` and gives the answer; never rejects. */
export type ProxyHandler = (request: ProxyRequest) => Promise<ProxyResponse>;

/**
 * Makes the server half of an admin console: a function that holds the token of the Management API, asks who is there,
 * and lets through only the operations and fields that are allowed.
 *
 * Throws a `TypeError` that names what is wrong with the options, such as an operation in `allow` that does not exist.
 */
export function createProxy<A extends Actor>(options: ProxyOptions<A>): ProxyHandler;

/**
 * A listener for `createServer()` of node:http, and a handler for Express. Mount it before anything that reads bodies;
 * what `express.json()` has read already is accepted, without a look at names that stand in it twice.
 */
export function toNodeHandler(proxy: ProxyHandler): (request: any, response: any, next?: any) => Promise<void>;

/** Who asks: a name, or an object whose `id` is one. The id counts calls, and is in audit events. */
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
   * Tells who sends a request, by its cookies or headers. What is null, undefined or false is answered with 401. Leave
   * the body of the request alone.
   */
  authorize: (request: ProxyRequest) => A | null | undefined | false | Promise<A | null | undefined | false>;
  /** What is allowed; nothing else is. Read once; what a function gives for an actor is read for each request. */
  allow: Allow | ((actor: A) => Allow | Promise<Allow>);
  /** Gives the token that each write must have in its header `x-csrf-token`; `false` goes without. */
  csrf: false | ((request: ProxyRequest, actor: A) => string | Promise<string>);
  /** The path below which the operations are; `"/admin-api"` by default. */
  basePath?: string;
  /**
   * Origins from which pages may use the proxy, besides its own. Needed too where something in front ends TLS, since the
   * proxy then takes its own origin for one of `http:`.
   */
  origins?: readonly string[];
  /** The most that a body may have, in bytes; 1,048,576 by default. */
  maxBodyBytes?: number;
  /** How many of 64 calls one actor may have under way or waiting at once, as a share; 0.5 by default. */
  rateShare?: number;
  /** Is told of every request, before it is answered. A failure does not change the answer. */
  onAudit?: (event: AuditEvent) => unknown;
  /** Is told what the functions given here have thrown; `console.error` by default. */
  onError?: (error: unknown) => void;
}

/** What is allowed, by the names of operations. */
export type Allow = { readonly [Name in OperationName]?: boolean | OperationRule };

/** What happened. It has no bodies, tokens or passwords. */
export interface AuditEvent {
  /** The id of who asked; null if nobody was signed in. */
  readonly actor: string | null;
  /** The operation; null if it was none. */
  readonly operation: OperationName | "capabilities" | null;
  /** Whom it is about: the identifiers in the path, and `identifier`, `email` or `user_id` where the operation has it. */
  readonly target: Readonly<Record<string, string>>;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Why it was refused, by the API or by the proxy. */
  readonly errorCode?: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}
