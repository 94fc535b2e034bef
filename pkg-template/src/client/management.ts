// The errors by HTTP status, and the types of the wire under the names that they have in the official SDK.

export {
  BadRequestError,
  ConflictError,
  ContentTooLargeError,
  ForbiddenError,
  GatewayTimeoutError,
  GoneError,
  InternalServerError,
  NotFoundError,
  PaymentRequiredError,
  PreconditionFailedError,
  ServiceUnavailableError,
  TooManyRequestsError,
  UnauthorizedError,
  UnprocessableEntityError,
} from "./errors.ts";
export type * from "../types/wire.ts";
export type * as jobs from "./management-jobs.ts";
