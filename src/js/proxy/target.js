// The target of a request as it came over the wire, where that is known.

const raw = new WeakMap();

/** Keeps what a server was sent: the URL of a request has `..` and backslashes resolved already. */
export function keepTarget(request, target) {
  raw.set(request, target);
}

export function targetOf(request) {
  const { pathname, search } = new URL(request.url);
  return raw.get(request) ?? pathname + search;
}
