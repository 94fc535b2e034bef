// What every entry point exports besides ManagementClient.

export { isManagementError } from "./brand.ts";
export { ManagementError, ManagementTimeoutError, OutcomeUnknownError } from "./errors.ts";
export * as Management from "./management.ts";
export type { CurrentUserClient } from "./management-client.ts";
export type { OperationName } from "./operations.ts";
export type * from "./resources/index.ts";
export type { Capabilities, OperationRule } from "../types/capabilities.ts";
export type { Metadata } from "../types/common.ts";
export type { FieldError, ManagementErrorCode, Outcome } from "../types/errors.ts";
export type { Page, Projected } from "../types/lists.ts";
export type { Observers, RateLimit, RequestEvent, ResponseEvent, RetryEvent } from "../types/observers.ts";
export type {
  ClientCredentials,
  HeaderValues,
  ManagementClientOptions,
  ManagementClientSettings,
  RequestOptions,
  UnlistedRequest,
} from "../types/options.ts";
export type { AbortSignalLike, HttpResponsePromise, RawResponse, WithRawResponse } from "../types/responses.ts";
export type { StoredToken, Token, TokenContext, TokenSource, TokenStore } from "../types/tokens.ts";
export type { BlobLike, Uploadable } from "../types/uploads.ts";
export type * from "../types/wire.ts";
