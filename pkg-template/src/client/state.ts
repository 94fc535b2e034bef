import type { Core } from "../wasm/users/glue.js";
import type { Headers } from "./headers.ts";
import type { Lookup } from "./outcome-checks.ts";
import type { Permissions } from "./permissions.ts";

/** What a client and its resources share. */
export interface ClientState {
  /** The client in the module. */
  readonly core: Core;
  /** The headers of calls that name none. */
  readonly headers: Headers;
  /** The client, for looking up what became of a change. */
  readonly client: Lookup;
  readonly permissions: Permissions;
}
