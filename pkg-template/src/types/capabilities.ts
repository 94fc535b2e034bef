import type { OperationName } from "../client/operations.ts";

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
