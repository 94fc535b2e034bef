import { invalidArgument } from "./argument-errors.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = /* @__PURE__ */ new TextEncoder();

/** Encodes text. A lone surrogate would come out as another character. */
export function encode(text: string): Bytes {
  try {
    encodeURIComponent(text);
  } catch {
    throw invalidArgument("request must not have lone surrogates in its text");
  }
  return encoder.encode(text);
}

/** Returns the bytes of an ArrayBuffer or a view, of whichever realm; undefined for anything else. */
export function bytesOf(value: unknown): Bytes | undefined {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
  }
  const isBuffer = / (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
  return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined;
}

export function join(chunks: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}
