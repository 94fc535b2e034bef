// What callers are told when an argument is not right.

/** Refuses an argument, with a text that names it. */
export function check(condition, message) {
  if (!condition) throw Object.assign(new TypeError(message), { code: "invalid_argument" });
}

export const isText = (value) => typeof value === "string" && value !== "";
export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
