import type {
  Management,
  ManagementClient,
  Metadata,
  Organization,
  RefreshTokenResponseContent,
  RequestOptions,
  Role,
  SessionResponseContent,
  User,
  UserAuthenticationMethod,
  UserPermissionSchema,
  UsersEnrollment,
} from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { own } from "../client/objects.ts";
import { collect } from "../client/lookups.ts";
import { type BulkOptions, bulkRead, type BulkResult } from "./bulk.ts";
import { checkRecord, checkSource, isArray } from "./shared/checks.ts";
import { readAll } from "./shared/reads.ts";

/** The parts of a user that `users.hydrate` reads. */
export interface UserParts<A = Metadata, U = Metadata> {
  authenticationMethods: UserAuthenticationMethod[];
  enrollments: UsersEnrollment[];
  groups: Management.Group[];
  organizations: Organization[];
  permissions: UserPermissionSchema[];
  profile: User<A, U>;
  refreshTokens: RefreshTokenResponseContent[];
  roles: Role[];
  sessions: SessionResponseContent[];
}

/** How each part of a user is read, with all its pages. */
const readers: {
  readonly [Part in keyof UserParts]: (
    users: ManagementClient["users"],
    id: string,
    options: RequestOptions,
  ) => PromiseLike<UserParts[Part]>;
} = {
  authenticationMethods: (users, id, options) => collect(users.authenticationMethods.list(id, undefined, options)),
  enrollments: (users, id, options) => users.enrollments.get(id, options),
  groups: (users, id, options) => collect(users.groups.get(id, undefined, options)),
  organizations: (users, id, options) => collect(users.organizations.list(id, undefined, options)),
  permissions: (users, id, options) => collect(users.permissions.list(id, undefined, options)),
  profile: (users, id, options) => users.get(id, undefined, options),
  refreshTokens: (users, id, options) => collect(users.refreshToken.list(id, undefined, options)),
  roles: (users, id, options) => collect(users.roles.list(id, undefined, options)),
  sessions: (users, id, options) => collect(users.sessions.list(id, undefined, options)),
};

/** Implements `users.hydrate`. */
export async function* hydrate<const Part extends keyof UserParts>(
  { users }: ManagementClient,
  ids: Iterable<string> | AsyncIterable<string>,
  parts: readonly Part[],
  options: BulkOptions<string> = {},
): AsyncGenerator<BulkResult<string, Pick<UserParts, Part>>, void, undefined> {
  const list = Object.keys(readers);
  const isPart = (part: Part) => list.includes(part);
  check(isArray(parts) && parts.length > 0 && parts.every(isPart), `parts must be of ${list.join(", ")}`);
  checkSource("ids", ids);
  checkRecord("options", options);
  const each = [...new Set(parts)];
  const read = async (id: string, callOptions: RequestOptions) => {
    const values: readonly unknown[] = await readAll(
      callOptions,
      each.map((part) => (options: RequestOptions) => readers[part](users, id, options)),
    );
    return Object.fromEntries(each.map((part, place) => [part, values[place]])) as Pick<UserParts, Part>;
  };
  const name = own(options, "name") ?? `users.hydrate ${each.join()}`;
  yield* bulkRead(ids, read, { requestsPerItem: each.length, ...options, name });
}
