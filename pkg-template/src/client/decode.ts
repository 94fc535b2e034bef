/**
 * The bytes of a module that is inline: no bundler, server or runtime has to know what a .wasm file is. A byte is a
 * character of the text, or "}" or "~" and a character. It compresses a quarter better than base64, in which bytes have
 * three shapes.
 */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let high = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 124) {
      high = (code - 124) * 88;
    } else {
      bytes[length++] = high + code - (code > 92 ? 36 : 35);
      high = 0;
    }
  }
  return bytes.subarray(0, length);
}
