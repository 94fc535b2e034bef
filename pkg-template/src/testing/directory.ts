// What a tenant has: users, and what they belong to.

/** A user to add: its properties as the API has them, and where it belongs. What is left out is made up. */
export interface NewUser {
  /** The name of the connection. By default `"Username-Password-Authentication"`, which every tenant has. */
  connection?: string;
  /** With the provider in front, such as `"auth0|ada"`. */
  user_id?: string;
  email?: string;
  email_verified?: boolean;
  username?: string;
  phone_number?: string;
  phone_verified?: boolean;
  name?: string;
  nickname?: string;
  given_name?: string;
  family_name?: string;
  picture?: string;
  blocked?: boolean;
  /** As ISO 8601 text in UTC, or in milliseconds since 1970; so are the other times. */
  created_at?: string | number;
  updated_at?: string | number;
  last_login?: string | number;
  last_password_reset?: string | number;
  last_ip?: string;
  logins_count?: number;
  user_metadata?: object;
  app_metadata?: object;
  multifactor?: readonly string[];
  multifactor_last_modified?: string | number;
  /** In place of `connection`: the primary identity first. */
  identities?: readonly {
    connection: string;
    provider?: string;
    user_id?: string;
    isSocial?: boolean;
    profileData?: object;
    access_token?: string;
    refresh_token?: string;
  }[];
  /** Taken so that what is sent to create a user can be added as it is; the tenant keeps no passwords. */
  password?: string;
  verify_email?: boolean;
  /** Ids or names. */
  roles?: readonly string[];
  /** Ids or names. */
  organizations?: readonly string[];
  permissions?: readonly NewPermission[];
}

/** A permission; the API and the permission are added where they are new. */
export interface NewPermission {
  resource_server_identifier: string;
  permission_name: string;
}

/** A user as the API shows it. */
export interface AddedUser {
  user_id: string;
  created_at: string;
  updated_at: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows what it added
  [property: string]: any;
}

export interface NewRole {
  name: string;
  /** Made up by default. */
  id?: string;
  description?: string;
  permissions?: readonly NewPermission[];
}

export interface AddedRole {
  id: string;
  name: string;
  description: string;
}

export interface NewOrganization {
  name: string;
  /** Made up by default. */
  id?: string;
  display_name?: string;
}

export interface AddedOrganization {
  id: string;
  name: string;
  display_name: string;
}

export interface NewConnection {
  name: string;
  /** Made up by default. */
  id?: string;
  /** What stands in front of the ids of its users: `"auth0"`, a database, by default; `"email"`, `"sms"`, `"samlp"`. */
  strategy?: string;
  enabled?: boolean;
  requires_username?: boolean;
  /** Whether profiles come from the provider at each login, which makes them read-only here. */
  syncs_profile?: boolean;
}

export interface AddedConnection {
  id: string;
  name: string;
  strategy: string;
}

/** What there is besides users. */
export interface Directory {
  connections: { id: string; name: string; strategy: string; enabled: boolean; requires_username: boolean }[];
  roles: { id: string; name: string; permissions: NewPermission[] }[];
  resource_servers: { identifier: string; name: string; permissions: string[] }[];
  organizations: { id: string; name: string }[];
  groups: { id: string; name: string; roles: string[] }[];
}

/** How many related resources to attach to a user. */
export interface RelatedCounts {
  /** Each with a refresh token. */
  sessions?: number;
  /** Memberships in new organizations. */
  organizations?: number;
  /** Memberships in new groups. */
  groups?: number;
  /** Events in the log. */
  logs?: number;
  connectedAccounts?: number;
}
