// Answers of the module, and what happens to them on their way.

import { record } from "../client/objects.ts";

/** What the module answers. */
export interface ServedAnswer {
  status: number;
  headers: [name: string, value: string][];
  /** How long it takes, in milliseconds. */
  delay: number;
  /** What the connection does: `reset`, `truncate`, `stall`, or nothing. */
  fault: string;
  body: Uint8Array<ArrayBuffer>;
}

/** Returns the body of an answer, with what shall happen to it on its way. */
export function contentOf({ status, headers, fault, body }: ServedAnswer, signal: AbortSignal): BodyInit | null {
  if (status === 204 || status === 304) return null;
  const half = body.subarray(0, body.length >> 1);
  if (fault === "truncate") {
    return new ReadableStream<Uint8Array>({
      start(controller) {
        if (half.length > 0) controller.enqueue(half);
      },
      // An error at the start would take away what is there already.
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
  // Compressing is left out of the module as well.
  return isFile ? new Blob([body]).stream().pipeThrough(new CompressionStream("gzip")) : body;
}

/** Returns what fetch rejects with when a connection ends. */
export function connectionError(message: string): TypeError {
  const cause = Object.assign(new Error("The connection was reset"), { code: "ECONNRESET" });
  return new TypeError(message, { cause });
}

/** Resolves after so many milliseconds; rejects with the reason of the signal when that is aborted first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, record({ once: true }));
  });
}
