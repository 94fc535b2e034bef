import text from "./bindgen/inline.js";
import { decode } from "./decode.js";
import { lazy } from "./lazy.js";

export * from "./public.js";

export const ManagementClient = /* @__PURE__ */ lazy(() => decode(text));
