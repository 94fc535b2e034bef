/** A role that is assigned to a user directly. */
export interface Role {
  id?: string;
  name?: string;
  description?: string;
  type?: RoleTypeEnum;
  /** The organization that a role of one belongs to. */
  owner_id?: string;
}

export type RoleTypeEnum = Open<"tenant" | "organization">;

export interface ListUserRolesRequestParameters<T extends Flag = Flag> extends OffsetParameters<T> {}

export interface ListUserRolesOffsetPaginatedResponseContent {
  start: number;
  limit: number;
  total: number;
  roles: Role[];
}

export interface AssignUserRolesRequestContent {
  /** The ids of the roles, at least one. */
  roles: readonly string[];
}

export interface DeleteUserRolesRequestContent {
  /** The ids of the roles, at least one. */
  roles: readonly string[];
}

export interface UserRolesClient {
  /**
   * Lists the roles that a user has directly, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{id}/roles` · `read:users` and `read:roles` and `read:role_members` · immediate · idempotent
   */
  list<const T extends Flag = true>(
    id: string,
    request?: ListUserRolesRequestParameters<T>,
    requestOptions?: RequestOptions,
  ): Promise<Page<Role, Listed<T, ListUserRolesOffsetPaginatedResponseContent, Role>>>;

  /**
   * Assigns roles to a user.
   *
   * A user has 50 at most. Rejects with status 404 if there is no such user.
   *
   * `POST /users/{id}/roles` · `update:users` or `create:role_members` · immediate · sent once, though idempotent
   */
  assign(
    id: string,
    request: AssignUserRolesRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<void>;

  /**
   * Takes roles from a user.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `DELETE /users/{id}/roles` · `update:users` or `delete:role_members` · immediate · idempotent
   */
  delete(
    id: string,
    request: DeleteUserRolesRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<void>;
}

/** A role that a user has, directly or through groups. */
export interface UserEffectiveRole {
  id: string;
  name: string;
  description: string;
  /** How the user comes by it. */
  sources: UserEffectiveRoleSource[];
}

export type UserEffectiveRoleSource = Open<"direct" | "groups">;

export interface ListUserEffectiveRolesRequestParameters extends CheckpointParameters {}

export interface ListUserEffectiveRolesResponseContent {
  roles: UserEffectiveRole[];
  next?: string;
}

export interface ListUserRoleSourceGroupsRequestParameters extends CheckpointParameters {
  role_id: string;
}

export interface ListUserRoleSourceGroupsResponseContent {
  groups: Group[];
  next?: string;
}

export interface UserEffectiveRolesClient {
  readonly sources: {
    readonly groups: UserEffectiveRolesSourcesGroupsClient;
  };

  /**
   * Lists the roles that a user has, directly or through groups, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{id}/effective-roles` · `read:user_effective_roles` · immediate · idempotent
   */
  list(
    id: string,
    request?: ListUserEffectiveRolesRequestParameters,
    requestOptions?: RequestOptions,
  ): Promise<Page<UserEffectiveRole, ListUserEffectiveRolesResponseContent>>;
}

export interface UserEffectiveRolesSourcesGroupsClient {
  /**
   * Lists the groups through which a user has a role, page by page.
   *
   * Rejects with status 404 if there is no such user or role.
   *
   * `GET /users/{id}/effective-roles/sources/groups` · `read:user_role_source_groups` · immediate · idempotent
   */
  list(
    id: string,
    request: ListUserRoleSourceGroupsRequestParameters,
    requestOptions?: RequestOptions,
  ): Promise<Page<Group, ListUserRoleSourceGroupsResponseContent>>;
}
