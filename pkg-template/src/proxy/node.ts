// From node:http, and what is built on it, to a function that takes a Request and gives a Response.

import { jsonOf } from "../client/json.ts";
import { record } from "../client/objects.ts";
import type { ProxyHandler, ProxyRequest } from "./handler.ts";
import { handlers, Refusal, responseOf } from "./refusal.ts";
import { keepTarget } from "./target.ts";

/** What is read of a request of node:http, node:http2 and Express. */
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

/** What is used of a response of node:http, node:http2 and Express. */
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
 * Returns a listener for `createServer()` of node:http and node:http2, and a handler for Express. Mount it before anything
 * that reads bodies. A body that `express.json()` has read is accepted, but not checked for names that it has twice.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever types of Node.js the program has
export function toNodeHandler(proxy: ProxyHandler): (request: any, response: any, next?: any) => Promise<void> {
  return async (incoming: NodeRequest, outgoing: NodeResponse, next?: Next) => {
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

function giveUp(error: unknown, outgoing: NodeResponse, next: Next | undefined): void {
  try {
    if (next && !isGone(outgoing)) {
      next(error);
      return;
    }
  } catch {
    // What comes next has failed too.
  }
  // Without the error, which would become an event of the connection.
  outgoing.destroy?.();
  outgoing.stream?.destroy?.();
}

/** HTTP/2 tells it by the stream. */
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
  // The browser may have gone while something before this ran.
  if (isGone(outgoing)) leave();
  const request = requestOf(incoming, abort.signal);
  // A handler that createProxy has made audits a refusal too.
  const handle = proxy as (request: ProxyRequest | Refusal) => Promise<Response>;
  const isOdd = Refusal.is(request) && !handlers.has(proxy);
  const response = isOdd ? responseOf(request) : await handle(request);
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

function isHttp2(incoming: NodeRequest): incoming is NodeRequest & { readonly stream: Http2Stream } {
  return incoming.httpVersionMajor >= 2;
}

function requestOf(incoming: NodeRequest, signal: AbortSignal): ProxyRequest | Refusal {
  // Express takes the path at which a handler is mounted away from `url`.
  const target = Object.hasOwn(incoming, "originalUrl") ? incoming.originalUrl : incoming.url;
  const { method } = incoming;
  const fault = (message: string) => new Refusal(400, "bad_request", message);
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
  // A parser of Express was here before.
  if (incoming.readableEnded && Object.hasOwn(incoming, "body") && incoming.body !== undefined) {
    headers.delete("content-length");
    const { body } = incoming;
    // 1e999 was parsed to Infinity, which JSON.stringify would make null.
    return typeof body === "string" || ArrayBuffer.isView(body) ? (body as BufferSource) : jsonOf("body", body, Error);
  }
  // The events of a connection that breaks come in any order, so the first that ends the body decides.
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
      // There is nothing more to come, and no event to tell of it.
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
      // The connection has to stay open for the answer, so the rest is read and dropped.
      end(() => incoming.resume());
    },
  });
}
