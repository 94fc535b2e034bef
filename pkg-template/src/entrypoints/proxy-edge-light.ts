import { makeProxy } from "../proxy/create.ts";
import type { ProxyHandler } from "../proxy/handler.ts";
import type { Actor, ProxyOptions } from "../proxy/options.ts";
import module from "../wasm/proxy/proxy.wasm?module";

export { toNodeHandler } from "../proxy/node.ts";

export function createProxy<A extends Actor>(options: ProxyOptions<A>): ProxyHandler {
  return makeProxy(options, () => module);
}
