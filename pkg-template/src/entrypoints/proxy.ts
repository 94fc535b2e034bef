import { decode } from "../client/decode.ts";
import { makeProxy } from "../proxy/create.ts";
import type { ProxyHandler } from "../proxy/handler.ts";
import type { Actor, ProxyOptions } from "../proxy/options.ts";
import text from "../wasm/proxy/inline.js";

export type { Capabilities, OperationName, OperationRule } from "auth0-users";
export type { Allow } from "../proxy/allow.ts";
export type { AuditEvent, AuditOutcome, AuditRelated } from "../proxy/audit.ts";
export type { ProxyHandler, ProxyRequest, ProxyResponse } from "../proxy/handler.ts";
export { toNodeHandler } from "../proxy/node.ts";
export type { Actor, ProxyOptions, ProxySettings } from "../proxy/options.ts";

/**
 * Makes the server half of an admin console: a function that holds the token of the Management API, authorizes each
 * request, and forwards only the allowed operations and fields.
 *
 * Throws a `TypeError` that names the invalid option, such as an unknown operation in `allow`.
 */
export function createProxy<A extends Actor>(options: ProxyOptions<A>): ProxyHandler {
  return makeProxy(options, () => decode(text));
}
