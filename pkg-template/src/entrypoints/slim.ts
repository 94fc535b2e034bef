import { lazy, start } from "../client/management-client.ts";

export * from "../client/public.ts";

/** Starts the client from the bytes or the compiled module of "auth0-users/users.wasm". */
export function init(wasm) {
  start(() => wasm);
}

export const ManagementClient = /* @__PURE__ */ lazy(() => {
  throw new Error('Call init() with the bytes or the module of "auth0-users/users.wasm" first');
});
