import module from "../wasm/users/users.wasm?module";
import { lazy } from "../client/management-client.ts";

export * from "../client/public.ts";

export const ManagementClient = /* @__PURE__ */ lazy(() => module);
