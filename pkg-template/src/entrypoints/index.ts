import text from "../wasm/users/inline.js";
import { decode } from "../client/decode.ts";
import { lazy } from "../client/management-client.ts";

export * from "../client/public.ts";

export const ManagementClient = /* @__PURE__ */ lazy(() => decode(text));
