import { Client } from "../client/management-client.ts";
import { start } from "../client/module.ts";
import type { ManagementClientOptions } from "../types/options.ts";

export * from "../client/public.ts";

/** Starts the client from the bytes or the compiled module of "auth0-users/users.wasm". */
export function init(wasm: BufferSource | WebAssembly.Module): void {
  start(() => wasm);
}

export class ManagementClient extends Client {
  constructor(options: ManagementClientOptions) {
    super(options, () => {
      throw new Error('Call init() with the bytes or the module of "auth0-users/users.wasm" first');
    });
  }
}
