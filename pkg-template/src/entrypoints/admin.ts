export type { AdminClient, AdminIdentities, AdminUsers, UserMfaClient } from "../admin/admin-users.ts";
export type { AllUsersParameters } from "../admin/all.ts";
export { ResultLimitError } from "../admin/all/result-limit-error.ts";
export type { AllUsers, AllUsersProgress } from "../admin/all/user-iterator.ts";
export type { BlockStatus } from "../admin/block-status.ts";
export { bulk, type BulkOptions, type BulkResult } from "../admin/bulk.ts";
export { type ExportedField, exportUsers, type ExportUsersOptions } from "../admin/export-users.ts";
export { AmbiguousUserError, type FindBy } from "../admin/find.ts";
export type { EmailMatch } from "../admin/find-by-email.ts";
export type { UserParts } from "../admin/hydrate.ts";
export { type ImportResult, importUsers, type ImportUsersOptions } from "../admin/import-users.ts";
export type { LinkAccountsRequest, LinkLosses, LinkReport, LinkStep } from "../admin/link-accounts.ts";
export {
  type MetadataChange,
  MetadataConflictError,
  type MetadataDifference,
  type MetadataMerge,
  type MetadataOptions,
  type MetadataVerbs,
} from "../admin/metadata.ts";
export type { MfaResetReport, MfaResetRequest, MfaResetStep } from "../admin/mfa-reset.ts";
export type { MfaStatus } from "../admin/mfa-status.ts";
export { ndjson, type NdjsonOptions } from "../admin/ndjson.ts";
export type { Section, UserSections } from "../admin/overview.ts";
export {
  and,
  contains,
  eq,
  exists,
  not,
  or,
  parseQuery,
  prefix,
  q,
  type Query,
  type QueryLimits,
  type QueryValue,
  range,
} from "../admin/query.ts";
export type { BulkCallOptions } from "../admin/runs/calls.ts";
export type { BulkJournal } from "../admin/runs/journal.ts";
export type { BulkProgress } from "../admin/runs/progress.ts";
export type { Step, StepOptions, StepReport } from "../admin/shared/steps.ts";
export type { SignOutReport, SignOutRequest, SignOutStep } from "../admin/sign-out-everywhere.ts";
export type { UnblockReport, UnblockRequest } from "../admin/unblock.ts";
export { withAdmin } from "../admin/with-admin.ts";
