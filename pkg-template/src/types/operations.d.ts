/** What one operation is limited to. What is left out is not limited. */
export interface OperationRule {
  /** The fields that the body may have, on its first level. */
  fields?: readonly string[];
  /** The query parameters that may be given. */
  query?: readonly string[];
  /** The fields that are left in the answer, on its first level or that of each item. */
  response?: readonly string[];
  /** The secrets of identity providers that are left in the answer; all are taken out otherwise. */
  secrets?: readonly ("access_token" | "access_token_secret" | "id_token" | "refresh_token")[];
}

/** What a proxy answers to `GET {baseUrl}/-/capabilities`: what its actor may do. */
export interface Capabilities {
  readonly operations: { readonly [Name in OperationName]?: true | Omit<OperationRule, "secrets"> };
  /** What writes must have in the header `x-csrf-token`; absent where they need none. */
  readonly csrf?: string;
}

/** The operations, named as the methods of `ManagementClient` are. */
export type OperationName =
  | "users.list"
  | "users.create"
  | "users.listUsersByEmail"
  | "users.get"
  | "users.delete"
  | "users.update"
  | "users.regenerateRecoveryCode"
  | "users.revokeAccess"
  | "users.authenticationMethods.list"
  | "users.authenticationMethods.create"
  | "users.authenticationMethods.set"
  | "users.authenticationMethods.deleteAll"
  | "users.authenticationMethods.get"
  | "users.authenticationMethods.delete"
  | "users.authenticationMethods.update"
  | "users.authenticators.deleteAll"
  | "users.connectedAccounts.list"
  | "users.effectivePermissions.list"
  | "users.effectivePermissions.sources.roles.list"
  | "users.effectiveRoles.list"
  | "users.effectiveRoles.sources.groups.list"
  | "users.enrollments.get"
  | "users.groups.get"
  | "users.identities.link"
  | "users.identities.delete"
  | "users.logs.list"
  | "users.multifactor.invalidateRememberBrowser"
  | "users.multifactor.deleteProvider"
  | "users.organizations.list"
  | "users.permissions.list"
  | "users.permissions.create"
  | "users.permissions.delete"
  | "users.refreshToken.list"
  | "users.refreshToken.delete"
  | "users.riskAssessments.clear"
  | "users.roles.list"
  | "users.roles.assign"
  | "users.roles.delete"
  | "users.sessions.list"
  | "users.sessions.delete"
  | "userBlocks.listByIdentifier"
  | "userBlocks.deleteByIdentifier"
  | "userBlocks.list"
  | "userBlocks.delete"
  | "jobs.get"
  | "jobs.errors.get"
  | "jobs.usersExports.create"
  | "jobs.usersImports.create"
  | "jobs.verificationEmail.create"
  | "tickets.verifyEmail"
  | "tickets.changePassword";
