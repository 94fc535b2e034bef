// Text of a request in errors and audit events: one line, and bounded.

/** Characters that end or reorder a line, and halves of surrogate pairs. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns at most `limit` characters of a text, none of which can forge a line. */
export function clean(text: string, limit = 300): string {
  const line = text.slice(0, limit).replace(UNSAFE, "\ufffd");
  return text.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
