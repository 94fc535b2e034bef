// Adapts a function from Request to Response to node:http, node:http2 and Express.

import { jsonOf } from "../client/json.ts";
import { record } from "../client/objects.ts";
import type { ProxyHandler, ProxyRequest } from "./handler.ts";
import { handlers, Refusal, responseOf } from "./refusal.ts";
import { keepTarget } from "./target.ts";

/** The parts of a request of node:http, node:http2 and Express that are read. */
interface NodeRequest {
  readonly body?: unknown;
  readonly complete: boolean;
  readonly destroyed: boolean;
  readonly headers: {
    readonly ":authority"?: string;
    readonly host?: string;
    readonly [name: string]: string | string[] | undefined;
  };
  readonly httpVersionMajor: number;
  readonly method: string;
  /** Only in Express. */
  readonly originalUrl: string;
  readonly readableEnded: boolean;
  readonly socket?: { readonly encrypted?: boolean };
  readonly url: string;
  on(event: "data", listener: (chunk: string | Uint8Array) => void): unknown;
  on(event: "error", listener: () => void): unknown;
  once(event: string, listener: () => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

interface Http2Stream {
  readonly endAfterHeaders: boolean;
}

/** The parts of a response of node:http, node:http2 and Express that are used. */
interface NodeResponse {
  readonly destroyed?: boolean;
  readonly headersSent: boolean;
  readonly stream?: { readonly destroyed: boolean; destroy?(): unknown };
  readonly writableEnded: boolean;
  sendDate: boolean;
  statusCode: number;
  destroy?(): unknown;
  end(body: Uint8Array): unknown;
  on(event: "error", listener: () => void): unknown;
  once(event: "close", listener: () => void): unknown;
  setHeader(name: string, value: string | string[]): unknown;
}

type Next = (error: unknown) => unknown;

const ignore = () => {};

/**
 * Returns a listener for `createServer()` of node:http and node:http2, and a handler for Express. Mount it before
 * middleware that reads bodies. A body that `express.json()` has parsed is accepted, but not checked for duplicate
 * names.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- fits any version of the types of Node.js
export function toNodeHandler(proxy: ProxyHandler): (request: any, response: any, next?: any) => Promise<void> {
  return async (incoming: NodeRequest, outgoing: NodeResponse, next?: Next) => {
    // An error event without a listener ends the process.
    incoming.on("error", ignore);
    outgoing.on("error", ignore);
    try {
      await answer(proxy, incoming, outgoing);
    } catch (error) {
      // The proxy never rejects, so this comes from a wrapper around it, or from the response.
      giveUp(error, outgoing, next);
    }
  };
}

function giveUp(error: unknown, outgoing: NodeResponse, next: Next | undefined): void {
  try {
    if (next && !isGone(outgoing)) {
      next(error);
      return;
    }
  } catch {
    // The next handler has failed too.
  }
  // Without the error, which would be emitted as an event.
  outgoing.destroy?.();
  outgoing.stream?.destroy?.();
}

/** Returns whether a response can no longer be sent. HTTP/2 keeps that in the stream. */
function isGone(outgoing: NodeResponse): boolean {
  return Boolean(outgoing.destroyed || outgoing.stream?.destroyed || outgoing.headersSent || outgoing.writableEnded);
}

async function answer(proxy: ProxyHandler, incoming: NodeRequest, outgoing: NodeResponse): Promise<void> {
  const abort = new AbortController();
  let isAnswered = false;
  const leave = () => {
    if (!isAnswered) abort.abort();
  };
  outgoing.once("close", leave);
  incoming.once("aborted", leave);
  // The browser may have disconnected while an earlier middleware ran.
  if (isGone(outgoing)) leave();
  const request = requestOf(incoming, abort.signal);
  // A handler made by createProxy also audits a refusal.
  const handle = proxy as (request: ProxyRequest | Refusal) => Promise<Response>;
  const isOdd = Refusal.is(request) && !handlers.has(proxy);
  const response = isOdd ? responseOf(request) : await handle(request);
  const body = new Uint8Array(await response.arrayBuffer());
  isAnswered = true;
  if (isGone(outgoing)) return;
  outgoing.statusCode = response.status;
  // Clients would take the date of this server for that of the API.
  outgoing.sendDate = response.headers.has("date");
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  // In HTTP/1 the unread rest of a body would be parsed as the next request.
  if (!incoming.complete && !isHttp2(incoming)) outgoing.setHeader("connection", "close");
  outgoing.end(body);
}

function isHttp2(incoming: NodeRequest): incoming is NodeRequest & { readonly stream: Http2Stream } {
  return incoming.httpVersionMajor >= 2;
}

function requestOf(incoming: NodeRequest, signal: AbortSignal): ProxyRequest | Refusal {
  // Express removes the path of the mount point from `url`.
  const target = Object.hasOwn(incoming, "originalUrl") ? incoming.originalUrl : incoming.url;
  const { method } = incoming;
  const fault = (message: string) => new Refusal(400, "bad_request", message);
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (!name.startsWith(":")) headers.set(name, [value].flat().join(", "));
    }
    // HTTP/2 does not require the length of a body.
    const hasBody = isHttp2(incoming)
      ? !incoming.stream.endAfterHeaders
      : headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) !== 0;
    if (hasBody && (method === "GET" || method === "HEAD")) return fault(`A ${method} request must not have a body`);
    const host = incoming.headers[":authority"] ?? incoming.headers.host ?? "";
    const url = new URL(`${incoming.socket?.encrypted ? "https" : "http"}://${host}`);
    // A host with more than a name and a port changes the URL.
    if (url.host === "" || url.href !== `${url.origin}/`) return fault("The header host must be a host");
    const body = hasBody ? bodyOf(incoming, headers) : null;
    const init = record({ method, headers, body, signal, duplex: "half" });
    const request = new Request(new URL(target.replace(/^\/+/, "/"), url), init);
    keepTarget(request, target);
    return request;
  } catch {
    return fault("The request cannot be understood");
  }
}

function bodyOf(incoming: NodeRequest, headers: Headers): BodyInit {
  // A body parser of Express ran before.
  if (incoming.readableEnded && Object.hasOwn(incoming, "body") && incoming.body !== undefined) {
    headers.delete("content-length");
    const { body } = incoming;
    // 1e999 is parsed to Infinity, which JSON.stringify writes as null.
    return typeof body === "string" || ArrayBuffer.isView(body) ? (body as BufferSource) : jsonOf("body", body, Error);
  }
  // The events of a broken connection come in any order: the first that ends the body decides.
  let isOver = false;
  const end = (finish: () => void) => {
    if (!isOver) {
      isOver = true;
      finish();
    }
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const fail = () => end(() => controller.error(new Error("the connection was closed")));
      // No more events follow.
      if (incoming.destroyed || incoming.readableEnded) {
        fail();
        return;
      }
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
      // The connection has to stay open for the response, so the rest is read and dropped.
      end(() => incoming.resume());
    },
  });
}
