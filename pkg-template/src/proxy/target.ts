// Reads a request, once. Its target is the one sent over the wire, if that is known.

import type { ProxyRequest } from "./handler.ts";
import type { Presence } from "./presence.ts";

/** The parts of a request that the proxy needs. */
export interface RequestParts {
  method: string;
  /** The path and the query, as sent over the wire if that is known. */
  target: string;
  /** The origin of the proxy, as the runtime sees it. */
  ownOrigin: string;
  /** The origin of the page that sends the request. */
  origin: string | null;
  header: (name: string) => string | null;
  signal: AbortSignal | null | undefined;
}

/** A request whose origin was checked. */
export interface IncomingRequest extends RequestParts {
  presence: Presence;
  /** Whether the option `origins` accepts the origin. */
  isAccepted: boolean;
}

const raw = new WeakMap<ProxyRequest, string>();

/** Keeps the target sent to a server: in the URL of a request, `..` and backslashes are already resolved. */
export function keepTarget(request: ProxyRequest, target: string): void {
  raw.set(request, target);
}

/** Reads the parts of a request. Throws if it is not a Request. */
export function readRequest(request: ProxyRequest): RequestParts {
  const { method, url, headers, signal } = request;
  if (typeof method !== "string" || typeof url !== "string") throw new TypeError("the proxy must be given a Request");
  const { pathname, search, origin: ownOrigin } = new URL(url);
  const header = (name: string) => {
    const value = headers.get(name);
    if (value !== null && typeof value !== "string") throw new TypeError(`the header ${name} must be text`);
    return value;
  };
  const target = raw.get(request) ?? pathname + search;
  return { method, target, ownOrigin, origin: header("origin"), header, signal };
}
