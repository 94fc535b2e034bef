// The audit event of one request. Its texts come from outside, so each is cleaned and bounded, as is their number.

import type { OperationName } from "auth0-users";

import { isRecord, own, record } from "../client/objects.ts";
import { clean } from "./text.ts";

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

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** An event that is filled as the request is understood. */
export interface AuditDraft extends Writable<Omit<AuditEvent, "target" | "related" | "durationMs">> {
  readonly target: Record<string, string>;
  readonly related: Writable<AuditRelated>;
}

/** How many names or ids of one kind an event holds. */
const MOST = 1_000;

/** What of a body is an id, or names something that has one; everything else is left out. */
const IDS = ["client_id", "connection", "connection_id", "organization_id", "provider", "session_id"] as const;
const PERMISSION = ["resource_server_identifier", "permission_name"] as const;
/** Metadata are the tenant's own, whatever the names in them. */
export const METADATA = ["app_metadata", "user_metadata"];

/** Operations whose answer has the id of what they created, and the name of that id in the target. */
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
  // Here the email says whom the change is about; elsewhere it is a value of the profile.
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

/** Adds the id that the answer gives to something new. */
export function addCreated(event: AuditDraft, name: OperationName, data: unknown): void {
  const [member, target] = CREATED[name] ?? [];
  const id = member && isRecord(data) && own(data, member);
  if (target && typeof id === "string") event.target[target] = clean(id);
}

/** Returns the text of an id, which some providers give as a number. */
const idOf = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? clean(`${value}`) : undefined;

/** Returns those of the named properties that are texts. */
function texts<Name extends string>(object: unknown, names: readonly Name[]): { [Key in Name]?: string } {
  const found = names.map((name): [Name, unknown] => [name, own(object, name)]);
  const given = found.filter((entry): entry is [Name, string] => typeof entry[1] === "string");
  return Object.fromEntries(given.map(([name, value]) => [name, clean(value)])) as { [Key in Name]?: string };
}

/** Returns the texts in a list, as many as an event holds, and says how many more there are. */
function bounded(values: readonly unknown[]): string[] {
  const kept = values.slice(0, MOST).filter((value) => typeof value === "string");
  const all = kept.map((value) => clean(value));
  return values.length > MOST ? [...all, `and ${values.length - MOST} more`] : all;
}
