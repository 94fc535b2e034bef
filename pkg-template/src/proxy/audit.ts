// The audit event of one request. Its texts come from outside: each is cleaned and bounded, and so is their number.

import type { OperationName } from "auth0-users";

import { isRecord, own, record } from "../client/objects.ts";
import { clean } from "./text.ts";

/**
 * How a request ended:
 * - `ok`: the request succeeded.
 * - `refused`: the proxy or the API refused the request; nothing was changed.
 * - `failed`: the request failed, and nothing was changed.
 * - `withdrawn`: the browser disconnected before a change was sent.
 * - `unknown`: the outcome is unknown: a change may have been applied.
 */
export type AuditOutcome = "ok" | "refused" | "failed" | "withdrawn" | "unknown";

/**
 * Describes one request, for an audit log. It contains names and ids, never values of profile fields, tokens or
 * passwords. Every text is one line of at most 300 characters, without control characters.
 */
export interface AuditEvent {
  /** The time of the request, as ISO 8601 in UTC. */
  readonly time: string;
  /** The id of the actor; null if the request is not signed in. */
  readonly actor: string | null;
  /** The operation; null if there is none with this method and path. */
  readonly operation: OperationName | "capabilities" | null;
  /**
   * The subject of the request: the identifiers in its path, `identifier`, `email` or `user_id` of its query or body,
   * and the id of a created resource, such as `user_id` for a user and `id` for a job.
   */
  readonly target: Readonly<Record<string, string>>;
  /** The names of the fields in the body, and of the keys in metadata, such as `user_metadata.theme`; at most 1,000. */
  readonly fields: readonly string[];
  /** The ids in the body. */
  readonly related: AuditRelated;
  /** The names of the query parameters. */
  readonly query: readonly string[];
  /** How the request ended. */
  readonly outcome: AuditOutcome;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The error code of the API or of the proxy. */
  readonly errorCode?: string;
  /** The API's id of the request: `x-auth0-requestid`, or else `x-correlation-id`. Absent if the API was not called. */
  readonly requestId?: string;
  /** The duration, in milliseconds. */
  readonly durationMs: number;
}

/** The ids in the body of a change; each is absent if the body does not contain it. */
export interface AuditRelated {
  /** The ids of roles that are assigned or removed. */
  readonly roles?: readonly string[];
  /** Permissions that are assigned or removed. */
  readonly permissions?: readonly {
    readonly resource_server_identifier?: string;
    readonly permission_name?: string;
  }[];
  /** The account of a mail or a ticket. */
  readonly identity?: { readonly provider?: string; readonly user_id?: string };
  readonly client_id?: string;
  readonly connection?: string;
  readonly connection_id?: string;
  readonly organization_id?: string;
  readonly provider?: string;
  readonly session_id?: string;
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** An event that is filled as the request is understood. */
export interface AuditDraft extends Writable<Omit<AuditEvent, "target" | "related" | "durationMs">> {
  readonly target: Record<string, string>;
  readonly related: Writable<AuditRelated>;
}

/** The maximum number of names or ids of one kind in an event. */
const MOST = 1_000;

/** The fields of a body that hold an id or a name of a resource; all others are left out. */
const IDS = ["client_id", "connection", "connection_id", "organization_id", "provider", "session_id"] as const;
const PERMISSION = ["resource_server_identifier", "permission_name"] as const;
/** The fields whose contents belong to the tenant, whatever their names. */
export const METADATA = ["app_metadata", "user_metadata"];

/** The operations that create: the field of the answer that holds the id, and its name in the target. */
const CREATED: { readonly [Name in OperationName]?: readonly [member: string, target: string] } = record({
  "users.create": ["user_id", "user_id"],
  "users.authenticationMethods.create": ["id", "authentication_method_id"],
  "jobs.usersExports.create": ["id", "id"],
  "jobs.usersImports.create": ["id", "id"],
  "jobs.verificationEmail.create": ["id", "id"],
});

/** Returns a new event, of a request that is not understood yet. */
export function newEvent(): AuditDraft {
  return record<AuditDraft>({
    time: new Date().toISOString(),
    actor: null,
    operation: null,
    target: {},
    fields: [],
    related: {},
    query: [],
    outcome: "failed",
    status: 500,
  });
}

/** Adds the identifiers in the path, and the names of the query parameters. */
export function addTarget(
  event: AuditDraft,
  ids: readonly (readonly [name: string, id: string])[] = [],
  query: readonly (readonly [name: string, value: string | null])[] = [],
): void {
  const given = query.filter((parameter): parameter is [string, string] => parameter[1] !== null);
  event.query = given.map(([name]) => name);
  const named = given.filter(([name]) => ["identifier", "email"].includes(name));
  for (const [name, id] of [...ids, ...named]) event.target[name] = clean(id);
}

/** Adds the names of the fields of a body, and the ids in it. */
export function addInput(event: AuditDraft, input: unknown): void {
  if (typeof input !== "object" || input === null) return;
  const items: object[] = Array.isArray(input) ? (input as object[]) : [input];
  const names = new Set(items.flatMap((item) => Object.keys(item)));
  for (const part of METADATA) {
    const metadata = own(input, part);
    for (const name of isRecord(metadata) ? Object.keys(metadata) : []) names.add(`${part}.${name}`);
  }
  event.fields = bounded([...names]);
  if (Array.isArray(input)) return;
  const userId = idOf(own(input, "user_id"));
  if (userId !== undefined) event.target.user_id ??= userId;
  // Here the email identifies the user; elsewhere it is a value of the profile.
  const email = own(input, "email");
  if (event.operation === "tickets.changePassword" && typeof email === "string") event.target.email = clean(email);
  const identity = own(input, "identity");
  if (isRecord(identity)) {
    const user_id = idOf(own(identity, "user_id"));
    event.related.identity = { ...texts(identity, ["provider"]), ...(user_id && { user_id }) };
  }
  const roles = own(input, "roles");
  if (Array.isArray(roles)) event.related.roles = bounded(roles);
  const permissions = own(input, "permissions");
  if (Array.isArray(permissions)) {
    event.related.permissions = permissions.slice(0, MOST).map((one) => texts(one, PERMISSION));
  }
  Object.assign(event.related, texts(input, IDS));
}

/** Adds the id of a created resource. */
export function addCreated(event: AuditDraft, name: OperationName, data: unknown): void {
  const [member, target] = CREATED[name] ?? [];
  const id = member && isRecord(data) && own(data, member);
  if (target && typeof id === "string") event.target[target] = clean(id);
}

/** Returns the text of an id, which is a number for some providers. */
const idOf = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? clean(`${value}`) : undefined;

/** Returns the named properties that are texts. */
function texts<Name extends string>(object: unknown, names: readonly Name[]): { [Key in Name]?: string } {
  const found = names.map((name): [Name, unknown] => [name, own(object, name)]);
  const given = found.filter((entry): entry is [Name, string] => typeof entry[1] === "string");
  return Object.fromEntries(given.map(([name, value]) => [name, clean(value)])) as { [Key in Name]?: string };
}

/** Returns the texts in a list up to the maximum, and the number of those left out. */
function bounded(values: readonly unknown[]): string[] {
  const kept = values.slice(0, MOST).filter((value) => typeof value === "string");
  const all = kept.map((value) => clean(value));
  return values.length > MOST ? [...all, `and ${values.length - MOST} more`] : all;
}
