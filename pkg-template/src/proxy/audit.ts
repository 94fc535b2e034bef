// The audit event of one request. Its texts come from outside, so each is cleaned and bounded, as is their number.

import { isRecord } from "./allow.ts";
import { clean } from "./text.ts";

/** How many names or ids of one kind an event holds. */
const MOST = 1_000;

/** What of a body is an id, or names something that has one; everything else is left out. */
const IDS = ["client_id", "connection", "connection_id", "organization_id", "provider", "session_id"];
const PERMISSION = ["resource_server_identifier", "permission_name"];
const METADATA = ["app_metadata", "user_metadata"];

/** Operations whose answer has the id of what they created, and the name of that id in the target. */
const CREATED = {
  __proto__: null,
  "users.create": ["user_id", "user_id"],
  "users.authenticationMethods.create": ["id", "authentication_method_id"],
  "jobs.usersExports.create": ["id", "id"],
  "jobs.usersImports.create": ["id", "id"],
  "jobs.verificationEmail.create": ["id", "id"],
};

/** A new event, to be filled as the request is understood. */
export function newEvent() {
  return {
    __proto__: null,
    time: new Date().toISOString(),
    actor: null,
    operation: null,
    target: {},
    fields: [],
    related: {},
    query: [],
    outcome: "failed",
    status: 500,
  };
}

/** Adds the identifiers in the path, and the names of the query parameters. */
export function addTarget(event, ids = [], query = []) {
  const given = query.filter(([, value]) => value !== null);
  event.query = given.map(([name]) => name);
  const named = given.filter(([name]) => ["identifier", "email"].includes(name));
  for (const [name, id] of [...ids, ...named]) event.target[name] = clean(id);
}

/** Adds the names of the fields of a body, and the ids in it. */
export function addInput(event, input) {
  if (typeof input !== "object" || input === null) return;
  const items = Array.isArray(input) ? input : [input];
  const names = new Set(items.flatMap((item) => Object.keys(item)));
  for (const part of METADATA.filter((part) => isRecord(own(input, part)))) {
    for (const name of Object.keys(input[part])) names.add(`${part}.${name}`);
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
export function addCreated(event, name, data) {
  const [member, target] = CREATED[name] ?? [];
  const id = member && isRecord(data) && own(data, member);
  if (typeof id === "string") event.target[target] = clean(id);
}

/** The text of an id, which some providers give as a number. */
const idOf = (value) => (typeof value === "string" || typeof value === "number" ? clean(`${value}`) : undefined);

/** Those of the named properties that are texts. */
function texts(object, names) {
  const found = names.map((name) => [name, own(object, name)]).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(found.map(([name, value]) => [name, clean(value)]));
}

function bounded(values) {
  const kept = values.slice(0, MOST).filter((value) => typeof value === "string");
  const all = kept.map((value) => clean(value));
  return values.length > MOST ? [...all, `and ${values.length - MOST} more`] : all;
}

/** An own property of an object; undefined where there is none. */
export function own(object, name) {
  return isRecord(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}
