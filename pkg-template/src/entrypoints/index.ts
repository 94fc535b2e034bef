import { decode } from "../client/decode.ts";
import { Client } from "../client/management-client.ts";
import type { Metadata } from "../types/common.ts";
import type { ManagementClientOptions } from "../types/options.ts";
import text from "../wasm/users/inline.js";

export * from "../client/public.ts";

/**
 * The Auth0 Management API.
 *
 * The type parameters are the shapes of `app_metadata` and `user_metadata`. `id` and `user_id` of a user are whole, such
 * as `auth0|507f1f77bcf86cd799439020`, and are encoded here. Every method rejects with a {@link ManagementError} if the
 * call fails; besides what stands with it, with status 400 for values that the server refuses, 401 for a token that is
 * not valid, and 403 for one without the scope. A change of which nobody knows whether it was made rejects with an
 * {@link OutcomeUnknownError}.
 *
 * The last line of what is documented of an operation has its endpoint, the scopes, and two of these words:
 *
 * - immediate: the change is made, or all changes before it are seen, when the promise resolves. Auth0 promises this for
 *   `users.get` and `users.listUsersByEmail`; for others it documents no delay.
 * - eventual: that is so some seconds later. What a job does takes longer.
 * - idempotent: twice has the same effect as once. It is repeated after 408, 429, 5xx and lost connections, and can be
 *   called again.
 * - sent once: it is repeated only after 429 or a connection that was never made, and is not to be called again before
 *   its outcome is known; unless it is idempotent, though the server does not promise it.
 */
export class ManagementClient<A extends object = Metadata, U extends object = Metadata> extends Client<A, U> {
  /** Reads the options once. Throws a `TypeError` that names what is wrong with them. */
  constructor(options: ManagementClientOptions) {
    super(options, () => decode(text));
  }
}
