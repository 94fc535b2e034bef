/** How many bytes are one character each. */
const SINGLE = 88;

/**
 * Decodes the bytes of a module that is inline: no bundler, server or runtime has to know what a .wasm file is. A byte is
 * a character of the text, or "}" or "~" and a character; those that are one character come first, in their order. It
 * compresses a quarter better than base64, in which bytes have three shapes.
 */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const numbers = new Uint8Array(text.length);
  let length = 0;
  let high = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 124) {
      high = (code - 124) * SINGLE;
    } else {
      numbers[length++] = high + code - (code > 92 ? 36 : 35);
      high = 0;
    }
  }
  // A set keeps the frequent bytes first.
  const bytes = [...new Set([...numbers.subarray(0, SINGLE), ...Array(256).keys()])];
  return numbers.subarray(SINGLE, length).map((place) => bytes[place] as number);
}
