import { Client } from "../client/management-client.ts";
import type { ManagementClientOptions } from "../types/options.ts";

export { init } from "../client/init.ts";
export * from "../client/public.ts";

export class ManagementClient extends Client {
  constructor(options: ManagementClientOptions) {
    super(options, () => {
      throw new Error('Call init() with the bytes or the module of "auth0-users/users.wasm" first');
    });
  }
}
