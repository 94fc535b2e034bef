// From node:http, and what is built on it, to a function that takes a Request and gives a Response.

import { jsonOf } from "../client/json.ts";
import { handlers, Refusal, responseOf } from "./refusal.ts";
import { keepTarget } from "./target.ts";

const ignore = () => {};

/** A listener for `createServer` of node:http and node:http2, and a handler for Express. */
export function toNodeHandler(proxy) {
  return async (incoming, outgoing, next) => {
    // An error event without a listener ends the process.
    incoming.on("error", ignore);
    outgoing.on("error", ignore);
    try {
      await answer(proxy, incoming, outgoing);
    } catch (error) {
      // The proxy answers whatever happens, so this is from something around it.
      giveUp(error, outgoing, next);
    }
  };
}

function giveUp(error, outgoing, next) {
  try {
    if (next && !isGone(outgoing)) return next(error);
  } catch {
    // What comes next has failed too.
  }
  // Without the error, which would become an event of the connection.
  outgoing.destroy?.();
  outgoing.stream?.destroy?.();
}

/** HTTP/2 tells it by the stream. */
function isGone(outgoing) {
  return Boolean(outgoing.destroyed || outgoing.stream?.destroyed || outgoing.headersSent || outgoing.writableEnded);
}

async function answer(proxy, incoming, outgoing) {
  const abort = new AbortController();
  let isAnswered = false;
  const leave = () => isAnswered || abort.abort();
  outgoing.once("close", leave);
  incoming.once("aborted", leave);
  // The browser may have gone while something before this ran.
  if (isGone(outgoing)) leave();
  const request = requestOf(incoming, abort.signal);
  const isOdd = Refusal.is(request) && !handlers.has(proxy);
  const response = isOdd ? responseOf(request) : await proxy(request);
  const body = new Uint8Array(await response.arrayBuffer());
  isAnswered = true;
  if (isGone(outgoing)) return;
  outgoing.statusCode = response.status;
  // A date of this server would be taken for one of the API.
  outgoing.sendDate = response.headers.has("date");
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  // The rest of a body that is not read must not be taken for the next request, as HTTP/2 never does.
  if (!incoming.complete && !isHttp2(incoming)) outgoing.setHeader("connection", "close");
  outgoing.end(body);
}

const isHttp2 = (incoming) => incoming.httpVersionMajor >= 2;

function requestOf(incoming, signal) {
  // Express takes the path at which a handler is mounted away from `url`.
  const target = Object.hasOwn(incoming, "originalUrl") ? incoming.originalUrl : incoming.url;
  const { method } = incoming;
  const fault = (message) => new Refusal(400, "bad_request", message);
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (!name.startsWith(":")) headers.set(name, [value].flat().join(", "));
    }
    // HTTP/2 need not tell the length of a body.
    const hasBody = isHttp2(incoming)
      ? !incoming.stream.endAfterHeaders
      : headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) !== 0;
    if (hasBody && (method === "GET" || method === "HEAD")) return fault(`A ${method} request must not have a body`);
    const host = incoming.headers[":authority"] ?? incoming.headers.host ?? "";
    const url = new URL(`${incoming.socket?.encrypted ? "https" : "http"}://${host}`);
    // A host with more than a name and a port would change the URL.
    if (url.host === "" || url.href !== `${url.origin}/`) return fault("The header host must be a host");
    const request = new Request(new URL(target.replace(/^\/+/, "/"), url), {
      __proto__: null,
      method,
      headers,
      body: hasBody ? bodyOf(incoming, headers) : undefined,
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
  if (incoming.readableEnded && Object.hasOwn(incoming, "body") && incoming.body !== undefined) {
    headers.delete("content-length");
    const { body } = incoming;
    // 1e999 was parsed to Infinity, which JSON.stringify would make null.
    return typeof body === "string" || ArrayBuffer.isView(body) ? body : jsonOf("body", body, Error);
  }
  // The events of a connection that breaks come in any order, so the first that ends the body decides.
  let isOver = false;
  const end = (finish) => {
    if (!isOver) {
      isOver = true;
      finish();
    }
  };
  return new ReadableStream({
    start(controller) {
      const fail = () => end(() => controller.error(new Error("the connection was closed")));
      // There is nothing more to come, and no event to tell of it.
      if (incoming.destroyed || incoming.readableEnded) return fail();
      incoming.on("data", (chunk) => {
        if (isOver) return;
        incoming.pause();
        controller.enqueue(typeof chunk === "string" ? new TextEncoder().encode(chunk) : new Uint8Array(chunk));
      });
      incoming.once("end", () => end(() => controller.close()));
      for (const event of ["aborted", "close", "error"]) incoming.once(event, fail);
      incoming.pause();
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      // The connection has to stay open for the answer, so the rest is read and dropped.
      end(() => incoming.resume());
    },
  });
}
