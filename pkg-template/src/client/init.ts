import { start } from "./module.ts";

/**
 * Starts the client. Call it once, before the first `new ManagementClient()`.
 *
 * @param wasm the bytes of `auth0-users/users.wasm`, or the `WebAssembly.Module` made from them
 */
export function init(wasm: ArrayBuffer | ArrayBufferView | object): void {
  start(() => wasm);
}
