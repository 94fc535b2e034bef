// The answers of the module, and the faults of the connection.

import { record } from "../client/objects.ts";

/** An answer of the module. */
export interface ServedAnswer {
  status: number;
  headers: [name: string, value: string][];
  /** The latency, in milliseconds. */
  delay: number;
  /** The fault of the connection: `reset`, `truncate`, `stall`, or an empty text. */
  fault: string;
  body: Uint8Array<ArrayBuffer>;
}

/** Returns the body of an answer, with the fault of its connection. */
export function contentOf({ status, headers, fault, body }: ServedAnswer, signal: AbortSignal): BodyInit | null {
  if (status === 204 || status === 304) return null;
  const half = body.subarray(0, body.length >> 1);
  if (fault === "truncate") {
    return new ReadableStream<Uint8Array>({
      start(controller) {
        if (half.length > 0) controller.enqueue(half);
      },
      // An error at the start would discard the first half.
      pull: (controller) => controller.error(connectionError("terminated")),
    });
  }
  if (fault === "stall") {
    return new ReadableStream<Uint8Array>({
      start(controller) {
        if (half.length > 0) controller.enqueue(half);
        signal.addEventListener("abort", () => controller.error(signal.reason), record({ once: true }));
      },
    });
  }
  const isFile = headers.some(([name, value]) => name === "content-type" && value === "application/gzip");
  // The module has no code for compression.
  return isFile ? new Blob([body]).stream().pipeThrough(new CompressionStream("gzip")) : body;
}

/** Returns the error with which fetch rejects when a connection ends. */
export function connectionError(message: string): TypeError {
  const cause = Object.assign(new Error("The connection was reset"), { code: "ECONNRESET" });
  return new TypeError(message, { cause });
}
