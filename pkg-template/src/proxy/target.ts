// What is read of a request, once, and its target as it came over the wire, where that is known.

const raw = new WeakMap();

/** Keeps what a server was sent: the URL of a request has `..` and backslashes resolved already. */
export function keepTarget(request, target) {
  raw.set(request, target);
}

/** Reads what the proxy needs of a request. Throws where it is none. */
export function readRequest(request) {
  const { method, url, headers, signal } = request;
  if (typeof method !== "string" || typeof url !== "string") throw new TypeError("the proxy must be given a Request");
  const { pathname, search, origin: own } = new URL(url);
  const header = (name) => {
    const value = headers.get(name);
    if (value !== null && typeof value !== "string") throw new TypeError(`the header ${name} must be text`);
    return value;
  };
  const target = raw.get(request) ?? pathname + search;
  return { __proto__: null, method, target, own, origin: header("origin"), header, signal };
}
