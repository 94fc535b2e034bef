// What the proxy reads of a request, once, and its target as it came over the wire, where that is known.

import type { ProxyRequest } from "./handler.ts";
import type { Presence } from "./presence.ts";

/** The parts of a request that the proxy needs. */
export interface RequestParts {
  method: string;
  /** Path and query, as they came over the wire where that is known. */
  target: string;
  /** The origin of the proxy, as far as the runtime knows it. */
  ownOrigin: string;
  /** The origin of the page that sends the request. */
  origin: string | null;
  header: (name: string) => string | null;
  signal: AbortSignal | null | undefined;
}

/** A request whose sender is watched, and whose origin was looked up. */
export interface IncomingRequest extends RequestParts {
  presence: Presence;
  /** Whether `origins` has the origin of the page. */
  isAccepted: boolean;
}

const raw = new WeakMap<ProxyRequest, string>();

/** Keeps what a server was sent: the URL of a request has `..` and backslashes resolved already. */
export function keepTarget(request: ProxyRequest, target: string): void {
  raw.set(request, target);
}

/** Reads what the proxy needs of a request. Throws where it is none. */
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
