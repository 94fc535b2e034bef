import type {
  ConnectedAccount,
  Log,
  ManagementClient,
  ManagementError,
  Metadata,
  Organization,
  Page,
  RefreshTokenResponseContent,
  RequestOptions,
  Role,
  SessionResponseContent,
  User,
  UserAuthenticationMethod,
  UserBlockIdentifier,
  UserGroupsResponseSchema,
  UserPermissionSchema,
  UsersEnrollment,
} from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { isManagementError } from "../client/brand.ts";
import { isNoUser } from "../client/lookups.ts";
import { blocksOf } from "./block-status.ts";
import { checkId, checkRequest, isArray } from "./shared/checks.ts";
import { readAll } from "./shared/reads.ts";

/** A part of an overview: its data, or why it could not be read. */
export type Section<T> =
  | { readonly status: "ok"; readonly data: T; readonly hasMore?: boolean }
  | {
      readonly status: "failed";
      readonly error: ManagementError;
      readonly data?: undefined;
      readonly hasMore?: undefined;
    };

/** The sections of an overview. Lists have their first page; `hasMore` says whether there may be another. */
export interface UserSections<A extends object = Metadata, U extends object = Metadata> {
  readonly user: Section<User<A, U>>;
  /** Blocks after failed logins. */
  readonly blocks: Section<UserBlockIdentifier[]>;
  readonly authenticationMethods: Section<UserAuthenticationMethod[]>;
  readonly enrollments: Section<UsersEnrollment[]>;
  readonly roles: Section<Role[]>;
  readonly permissions: Section<UserPermissionSchema[]>;
  readonly organizations: Section<Organization[]>;
  readonly groups: Section<UserGroupsResponseSchema[]>;
  readonly sessions: Section<SessionResponseContent[]>;
  readonly refreshTokens: Section<RefreshTokenResponseContent[]>;
  readonly connectedAccounts: Section<ConnectedAccount[]>;
  /** The latest first. */
  readonly logs: Section<Log[]>;
}

type Name = keyof UserSections;

/** The content of a section that can be read. */
interface Content<T> {
  readonly data: T;
  readonly hasMore?: boolean;
}

const firstPage = { per_page: 100 };
const firstCheckpoint = { take: 100 };
const listed = <T>(page: Page<T>): Content<T[]> => ({ data: page.data, hasMore: page.hasNextPage() });

/** How each section is read. */
const readers: {
  readonly [Part in Name]: (
    client: ManagementClient,
    id: string,
    options: RequestOptions,
  ) => Promise<Content<NonNullable<UserSections[Part]["data"]>>>;
} = {
  user: async ({ users }, id, options) => ({ data: await users.get(id, undefined, options) }),
  blocks: async ({ userBlocks }, id, options) => ({
    data: blocksOf(await userBlocks.list(id, undefined, options)),
  }),
  authenticationMethods: async ({ users }, id, options) =>
    listed(await users.authenticationMethods.list(id, firstPage, options)),
  enrollments: async ({ users }, id, options) => ({ data: await users.enrollments.get(id, options) }),
  roles: async ({ users }, id, options) => listed(await users.roles.list(id, firstPage, options)),
  permissions: async ({ users }, id, options) => listed(await users.permissions.list(id, firstPage, options)),
  organizations: async ({ users }, id, options) => listed(await users.organizations.list(id, firstCheckpoint, options)),
  groups: async ({ users }, id, options) => listed(await users.groups.get(id, firstCheckpoint, options)),
  sessions: async ({ users }, id, options) => listed(await users.sessions.list(id, firstCheckpoint, options)),
  refreshTokens: async ({ users }, id, options) => listed(await users.refreshToken.list(id, firstCheckpoint, options)),
  connectedAccounts: async ({ users }, id, options) => listed(await users.connectedAccounts.list(id, {}, options)),
  logs: async ({ users }, id, options) => listed(await users.logs.list(id, { sort: "date:-1", ...firstPage }, options)),
};

/** Implements `users.overview`. */
export async function overview<const S extends Name = Name>(
  client: ManagementClient,
  id: string,
  request: { sections?: readonly S[] } = {},
  options?: RequestOptions,
): Promise<Pick<UserSections, S>> {
  checkId(id);
  const all = Object.keys(readers) as S[];
  const { sections = all } = checkRequest(request, ["sections"]);
  check(
    isArray(sections) && sections.every((name) => Object.hasOwn(readers, name)),
    `request.sections must be an array of ${all.join(", ")}`,
  );
  return readSections(client, id, [...new Set(sections)], options);
}

/** Reads the named sections. A section that cannot be read has its error. */
export async function readSections<S extends Name>(
  client: ManagementClient,
  id: string,
  names: readonly S[],
  options: RequestOptions | undefined,
): Promise<Pick<UserSections, S>> {
  const read = (name: S) => async (options: RequestOptions) => {
    try {
      return [name, { status: "ok", ...(await readers[name](client, id, options)) }];
    } catch (error) {
      if (!isManagementError(error) || (name === "user" && isNoUser(error))) throw error;
      return [name, { status: "failed", error }];
    }
  };
  return Object.fromEntries(await readAll(options, names.map(read))) as Pick<UserSections, S>;
}
