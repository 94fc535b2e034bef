import { Client } from "../client/management-client.ts";
import type { ManagementClientOptions } from "../types/options.ts";
import module from "../wasm/users/users.wasm?module";

export * from "../client/public.ts";

export class ManagementClient extends Client {
  constructor(options: ManagementClientOptions) {
    super(options, () => module);
  }
}
