/** Encodes text as it may stand in a header or a token. */
export function base64Url(text: string): string {
  return btoa(text).replace(/[+/=]/g, (char) => (char === "+" ? "-" : char === "/" ? "_" : ""));
}
