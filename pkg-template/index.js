import base64 from "./bindgen/users.wasm";
import { lazy } from "./lazy.js";

export * from "./public.js";

export const ManagementClient = /* @__PURE__ */ lazy(() => {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  // A loop: Uint8Array.from with a function takes several times as long.
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
});
