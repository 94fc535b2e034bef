import { decode } from "./decode.js";
import text from "./proxy-bindgen/inline.js";
import { proxyWith } from "./proxy/create.js";

export { toNodeHandler } from "./proxy/node.js";

export const createProxy = /* @__PURE__ */ proxyWith(() => decode(text));
