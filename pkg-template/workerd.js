import module from "./users.wasm";
import { lazy } from "./lazy.js";

export * from "./public.js";

export const ManagementClient = /* @__PURE__ */ lazy(() => module);
