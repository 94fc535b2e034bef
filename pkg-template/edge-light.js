import module from "./users.wasm?module";
import { lazy } from "./lazy.js";

export * from "./public.js";

export const ManagementClient = /* @__PURE__ */ lazy(() => module);
