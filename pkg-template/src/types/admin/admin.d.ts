import type {
  AbortSignalLike,
  ConnectedAccount,
  GetJobImportUserError,
  GetJobResponseContent,
  ImportedUser,
  Log,
  Management,
  ManagementClient,
  ManagementError,
  Metadata,
  Organization,
  Projected,
  RefreshTokenResponseContent,
  RequestEvent,
  RequestOptions,
  Role,
  SessionResponseContent,
  User,
  UserAuthenticationMethod,
  UserBlockIdentifier,
  UserGroupsResponseSchema,
  UserIdentitiesClient,
  UserIdentitySchema,
  UserPermissionSchema,
  UsersClient,
  UsersEnrollment,
} from "auth0-users";

/**
 * Gives a client the methods of {@link AdminUsers} in addition to its own, and gives the same client. They use its calls,
 * so they share its pace, its options, and what its token or proxy allows.
 *
 * Throws a `TypeError` if `client` is not a `ManagementClient`.
 */
export function withAdmin<A extends object = Metadata, U extends object = Metadata>(
  client: ManagementClient<A, U>,
): AdminClient<A, U>;

/** A client with what administrators do with users. */
export interface AdminClient<A extends object = Metadata, U extends object = Metadata> extends ManagementClient<A, U> {
  readonly users: AdminUsers<A, U>;
}
