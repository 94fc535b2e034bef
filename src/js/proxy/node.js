// From node:http, and what is built on it, to a function that takes a Request and gives a Response.

import { Refusal } from "./refusal.js";
import { keepTarget } from "./target.js";

/** A listener for `createServer` of node:http and a handler for Express. */
export function toNodeHandler(proxy) {
  return async (incoming, outgoing, next) => {
    try {
      await answer(proxy, incoming, outgoing);
    } catch (error) {
      // The proxy answers whatever happens, so this is from something around it.
      if (next) next(error);
      else outgoing.destroy(error);
    }
  };
}

async function answer(proxy, incoming, outgoing) {
  const abort = new AbortController();
  outgoing.once("close", () => abort.abort());
  // What ran before may have taken its time.
  if (outgoing.destroyed) abort.abort();
  const request = requestOf(incoming, abort.signal);
  const response = request instanceof Refusal ? Response.json(request.data, request) : await proxy(request);
  const body = new Uint8Array(await response.arrayBuffer());
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.setHeader(name, value);
  // What is left of a body that nobody reads must not be taken for the next request, as HTTP/2 never does.
  if (!incoming.complete && !incoming.stream) outgoing.setHeader("connection", "close");
  outgoing.end(body);
}

function requestOf(incoming, signal) {
  // Express takes the path at which a handler is mounted away from `url`.
  const target = incoming.originalUrl ?? incoming.url;
  const { method } = incoming;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (!name.startsWith(":")) headers.set(name, [value].flat().join(", "));
  }
  const host = incoming.headers[":authority"] ?? incoming.headers.host ?? "";
  const origin = `${incoming.socket.encrypted ? "https" : "http"}://${host}`;
  // HTTP/2 need not tell the length of a body.
  const hasBody = incoming.stream
    ? !incoming.stream.endAfterHeaders
    : headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) !== 0;
  const isRead = method === "GET" || method === "HEAD";
  const fault = (message) => new Refusal(400, "bad_request", message);
  if (isRead && hasBody) return fault(`A ${method} request must not have a body`);
  const body = hasBody ? bodyOf(incoming, headers) : undefined;
  try {
    // What does not belong to a path would change the host.
    const url = new URL(origin);
    if (url.host === "" || url.href !== `${url.origin}/`) return fault("The header host must be a host");
    const request = new Request(new URL(target.replace(/^\/+/, "/"), url), {
      method,
      headers,
      body,
      signal,
      duplex: "half",
    });
    keepTarget(request, target);
    return request;
  } catch {
    return fault("The request cannot be understood");
  }
}

function bodyOf(incoming, headers) {
  // A parser of Express was here before.
  if (incoming.readableEnded && incoming.body !== undefined) {
    headers.delete("content-length");
    return JSON.stringify(incoming.body);
  }
  return new ReadableStream({
    start(controller) {
      const fail = () => controller.error(new Error("the connection was closed"));
      // There is nothing more to come, and no event to tell of it.
      if (incoming.destroyed || incoming.readableEnded) return fail();
      incoming.on("data", (chunk) => {
        incoming.pause();
        controller.enqueue(new Uint8Array(chunk));
      });
      incoming.once("end", () => controller.close());
      // Also of what has arrived whole, the rest is gone.
      incoming.once("close", () => incoming.readableEnded || fail());
      incoming.pause();
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      // The connection has to stay open for the answer.
      incoming.removeAllListeners("data").removeAllListeners("end").resume();
    },
  });
}
