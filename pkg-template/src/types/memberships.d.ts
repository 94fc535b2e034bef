/** A group of users. */
export interface Group {
  id?: string;
  name?: string;
  /** The id where the group comes from. */
  external_id?: string;
  connection_id?: string;
  tenant_name?: string;
  /** ISO 8601. */
  created_at?: string;
  /** ISO 8601. */
  updated_at?: string;
}

/** A group that a user is a member of. */
export interface UserGroupsResponseSchema extends Group {
  /** ISO 8601. */
  membership_created_at?: string;
}

export interface GetUserGroupsRequestParameters<
  F extends FieldNames = FieldList<UserGroupsResponseSchema>,
  I extends Flag = Flag,
>
  extends CheckpointParameters, FieldsParameters<F, I> {
  /** Whether the answer has a total; it does by default. */
  include_totals?: boolean | null;
}

export interface GetUserGroupsPaginatedResponseContent<T = UserGroupsResponseSchema> {
  groups: T[];
  next?: string;
  start?: number;
  limit?: number;
  total?: number;
}

export interface UserGroupsClient {
  /**
   * Lists the groups of a user, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{id}/groups` · `read:groups` · immediate · idempotent
   */
  get<const F extends FieldList<UserGroupsResponseSchema> = string, const I extends Flag = true>(
    id: string,
    request?: GetUserGroupsRequestParameters<F, I>,
    requestOptions?: RequestOptions,
  ): Promise<
    Page<
      Projected<UserGroupsResponseSchema, F, I>,
      GetUserGroupsPaginatedResponseContent<Projected<UserGroupsResponseSchema, F, I>>
    >
  >;
}

/** An organization that a user is a member of. */
export interface Organization {
  id?: string;
  /** In lower case, for use in code. */
  name?: string;
  /** For people. */
  display_name?: string;
  branding?: OrganizationBranding;
  metadata?: OrganizationMetadata;
  token_quota?: TokenQuota;
  third_party_client_access?: OrganizationThirdPartyClientAccessEnum;
  is_app_entitlement_active?: boolean;
  client?: OrganizationClientAssociation;
}

export interface OrganizationBranding {
  logo_url?: string;
  colors?: OrganizationBrandingColors;
}

export interface OrganizationBrandingColors {
  primary: string;
  page_background: string;
}

export type OrganizationMetadata = Record<string, string | null>;

export interface TokenQuota {
  client_credentials: TokenQuotaClientCredentials;
}

export interface TokenQuotaClientCredentials {
  enforce?: boolean;
  per_day?: number;
  per_hour?: number;
}

export type OrganizationThirdPartyClientAccessEnum = Open<"block" | "allow">;

export interface OrganizationClientAssociation {
  use_for_member_access?: boolean;
}

/** Without `page`, `per_page` and `include_totals` the list goes by `from` and `take`, which reaches the last one. */
export interface ListUserOrganizationsRequestParameters<T extends Flag = Flag>
  extends OffsetParameters<T>, CheckpointParameters {}

export interface ListUserOrganizationsOffsetPaginatedResponseContent {
  organizations: Organization[];
  /** Where the next page begins, of a list that goes by `from` and `take`. */
  next?: string;
  start?: number;
  limit?: number;
  /** Known to be 0 beside organizations. */
  total?: number;
}

export interface UserOrganizationsClient {
  /**
   * Lists the organizations of a user, page by page.
   *
   * Goes on to the last one, unless it is asked for a `page`, `per_page` or `include_totals`: by these the server
   * reaches the first 1,000 and rejects what is beyond with status 400. Rejects with status 404 if there is no such
   * user.
   *
   * `GET /users/{id}/organizations` · `read:organizations` or `read:users` · immediate · idempotent
   */
  list<const T extends Flag = true>(
    id: string,
    request?: ListUserOrganizationsRequestParameters<T>,
    requestOptions?: RequestOptions,
  ): Promise<Page<Organization, Listed<T, ListUserOrganizationsOffsetPaginatedResponseContent, Organization>>>;
}

/** An account elsewhere whose tokens Auth0 keeps for the user. */
export interface ConnectedAccount {
  id: string;
  /** The name of the connection. */
  connection: string;
  connection_id: string;
  strategy: string;
  access_type: ConnectedAccountAccessTypeEnum;
  scopes?: string[];
  /** ISO 8601. */
  created_at: string;
  /** ISO 8601. */
  expires_at?: string;
  organization_id?: string;
}

export type ConnectedAccountAccessTypeEnum = Open<"offline">;

export interface GetUserConnectedAccountsRequestParameters extends CheckpointParameters {}

export interface ListUserConnectedAccountsResponseContent {
  connected_accounts: ConnectedAccount[];
  next?: string;
}

export interface UserConnectedAccountsClient {
  /**
   * Lists the accounts elsewhere that a user has connected, page by page.
   *
   * Rejects with status 404 if there is no such user.
   *
   * `GET /users/{id}/connected-accounts` · `read:users` · immediate · idempotent
   */
  list(
    id: string,
    request?: GetUserConnectedAccountsRequestParameters,
    requestOptions?: RequestOptions,
  ): Promise<Page<ConnectedAccount, ListUserConnectedAccountsResponseContent>>;
}
