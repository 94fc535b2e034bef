import type {
  HttpResponsePromise,
  ManagementClient,
  RequestOptions,
  UpdateUserRequestContent,
  User,
} from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { isRecord, own, record } from "../client/objects.ts";
import { checkId, jsonOf } from "./shared/checks.ts";

type Update = ManagementClient["users"]["update"];

/** The update of each client as it was, without the guard. */
const updates = new WeakMap<object, Update>();

/** Returns the client's own `users.update`. `withAdmin` calls this before it replaces that. */
export function ownUpdate(client: ManagementClient): Update {
  const kept = updates.get(client);
  if (kept) return kept;
  const update = client.users.update.bind(client.users);
  updates.set(client, update);
  return update;
}

/** Implements `users.update`. */
export function update(
  client: ManagementClient,
  id: string,
  request?: UpdateUserRequestContent,
  options?: RequestOptions & { allowMetadataClear?: boolean },
): HttpResponsePromise<User> {
  const { allowMetadataClear = false, ...requestOptions } = record({ ...options });
  checkId(id);
  // Read once, so that what is checked is what is sent.
  const body = isRecord(request) ? (JSON.parse(jsonOf("request", request, 0)) as UpdateUserRequestContent) : request;
  if (isRecord(body) && allowMetadataClear !== true) checkKept(body);
  return ownUpdate(client)(id, body, isRecord(options) ? requestOptions : options);
}

/** Refuses `{}` for metadata: a form without fields sends it, and it removes everything. */
function checkKept(body: UpdateUserRequestContent): void {
  for (const name of ["user_metadata", "app_metadata"] as const) {
    const value = own(body, name);
    check(
      !isRecord(value) || Object.keys(value).length > 0,
      `${name} is {}, which takes away all of it: use users.metadata(id), or allowMetadataClear: true`,
    );
  }
}
