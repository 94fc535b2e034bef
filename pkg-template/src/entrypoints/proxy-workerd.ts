import module from "../wasm/proxy/proxy.wasm";
import { proxyWith } from "../proxy/create.ts";

export { toNodeHandler } from "../proxy/node.ts";

export const createProxy = /* @__PURE__ */ proxyWith(() => module);
