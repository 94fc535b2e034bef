// Converts between text and the bytes of the module.

export const NEWLINE = 10;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encode(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Returns the JSON of a value. */
export function jsonOf(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(JSON.stringify(value));
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
