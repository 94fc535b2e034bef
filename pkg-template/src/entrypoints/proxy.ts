import { decode } from "../client/decode.ts";
import text from "../wasm/proxy/inline.js";
import { proxyWith } from "../proxy/create.ts";

export { toNodeHandler } from "../proxy/node.ts";

export const createProxy = /* @__PURE__ */ proxyWith(() => decode(text));
