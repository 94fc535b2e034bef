export type { Fault, Fetch, JournalEntry, Snapshot, Tenant } from "../testing/api.ts";
export type {
  AddedConnection,
  AddedOrganization,
  AddedRole,
  AddedUser,
  Directory,
  NewConnection,
  NewOrganization,
  NewPermission,
  NewRole,
  NewUser,
  RelatedCounts,
} from "../testing/directory.ts";
export type { RandomFaults, TenantClient, TenantOptions, TenantRate, TenantToken } from "../testing/options.ts";
export { createTenant } from "../testing/tenant.ts";
