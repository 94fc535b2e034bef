import module from "./proxy.wasm?module";
import { proxyWith } from "./proxy/create.js";

export { toNodeHandler } from "./proxy/node.js";

export const createProxy = /* @__PURE__ */ proxyWith(() => module);
