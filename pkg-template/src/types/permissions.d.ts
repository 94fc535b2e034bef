/** A permission that a user has directly or through a role. */
export interface UserPermissionSchema {
  /** The audience of the API. */
  resource_server_identifier?: string;
  permission_name?: string;
  /** The name of the API. */
  resource_server_name?: string;
  description?: string;
  /** How the user comes by it. */
  sources?: UserPermissionSource[];
}

export interface UserPermissionSource {
  /** The id of a role; empty where the permission is the user's own. */
  source_id?: string;
  source_name?: string;
  source_type?: Open<"DIRECT" | "ROLE">;
}

export interface ListUserPermissionsRequestParameters<T extends Flag = Flag> extends OffsetParameters<T> {}

export interface ListUserPermissionsOffsetPaginatedResponseContent {
  start: number;
  limit: number;
  total: number;
  permissions: UserPermissionSchema[];
}

export interface PermissionRequestPayload {
  /** The audience of the API. */
  resource_server_identifier: string;
  permission_name: string;
}

export interface CreateUserPermissionsRequestContent {
  /** At least one. */
  permissions: readonly PermissionRequestPayload[];
}

export interface DeleteUserPermissionsRequestContent {
  /** At least one. */
  permissions: readonly PermissionRequestPayload[];
}

export interface UserPermissionsClient {
  /**
   * Lists the permissions that a user has directly or through roles of their own, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{id}/permissions` · `read:users` · immediate · idempotent
   */
  list<const T extends Flag = true>(
    id: string,
    request?: ListUserPermissionsRequestParameters<T>,
    requestOptions?: RequestOptions,
  ): Promise<
    Page<UserPermissionSchema, Listed<T, ListUserPermissionsOffsetPaginatedResponseContent, UserPermissionSchema>>
  >;

  /**
   * Gives permissions to a user.
   *
   * Rejects with status 400 if the user would have more than 1,000, 404 if there is no such user or permission
   * (`errorCode` `inexistent_resource_server_permission`).
   *
   * `POST /users/{id}/permissions` · `update:users` · immediate · sent once, though idempotent
   */
  create(
    id: string,
    request: CreateUserPermissionsRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<void>;

  /**
   * Takes permissions from a user.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `DELETE /users/{id}/permissions` · `update:users` · immediate · idempotent
   */
  delete(
    id: string,
    request: DeleteUserPermissionsRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<void>;
}

/** A permission that a user has for one API: directly, through roles, or through roles of groups. */
export interface UserEffectivePermissionResponseContent {
  /** The audience of the API. */
  resource_server_identifier?: string;
  permission_name?: string;
  /** The name of the API. */
  resource_server_name?: string;
  description?: string;
  /** How the user comes by it. */
  sources?: UserEffectivePermissionSourceEnum[];
}

export type UserEffectivePermissionSourceEnum = Open<"direct" | "roles">;

export interface ListUserEffectivePermissionsRequestParameters extends CheckpointParameters {
  /** The audience of the API. */
  resource_server_identifier: string;
}

export interface ListUserEffectivePermissionsResponseContent {
  permissions: UserEffectivePermissionResponseContent[];
  next?: string;
}

/** A role through which a user has a permission. */
export interface UserEffectivePermissionRoleSourceResponseContent {
  id?: string;
  name?: string;
  description?: string;
  type?: RoleTypeEnum;
  /** The organization that a role of one belongs to. */
  owner_id?: string;
  /** How the user comes by the role. */
  sources?: UserEffectivePermissionRoleSourceEnum[];
}

export type UserEffectivePermissionRoleSourceEnum = Open<"direct" | "groups">;

export interface ListUserEffectivePermissionRoleSourceRequestParameters extends CheckpointParameters {
  /** The audience of the API. */
  resource_server_identifier: string;
  permission_name: string;
}

export interface ListUserEffectivePermissionRoleSourcesResponseContent {
  roles: UserEffectivePermissionRoleSourceResponseContent[];
  next?: string;
}

export interface UserEffectivePermissionsClient {
  readonly sources: {
    readonly roles: UserEffectivePermissionsSourcesRolesClient;
  };

  /**
   * Lists the permissions that a user has for one API, wherever they come from, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{id}/effective-permissions` · `read:user_effective_permissions` · immediate · idempotent
   */
  list(
    id: string,
    request: ListUserEffectivePermissionsRequestParameters,
    requestOptions?: RequestOptions,
  ): Promise<Page<UserEffectivePermissionResponseContent, ListUserEffectivePermissionsResponseContent>>;
}

export interface UserEffectivePermissionsSourcesRolesClient {
  /**
   * Lists the roles through which a user has a permission, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{id}/effective-permissions/sources/effective-roles` · `read:user_permission_source_roles` · immediate ·
   * idempotent
   */
  list(
    id: string,
    request: ListUserEffectivePermissionRoleSourceRequestParameters,
    requestOptions?: RequestOptions,
  ): Promise<
    Page<UserEffectivePermissionRoleSourceResponseContent, ListUserEffectivePermissionRoleSourcesResponseContent>
  >;
}
