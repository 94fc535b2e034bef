// What callers are told when an argument is not right.

/** Refuses an argument, with a text that names it. */
export function check(condition, message) {
  if (!condition) throw Object.assign(new TypeError(message), { code: "invalid_argument" });
}

export const isText = (value) => typeof value === "string" && value !== "";
export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Refuses what is neither an object nor left out. */
export function checkRecord(name, value) {
  check(value == null || isRecord(value), `${name} must be an object`);
}

/** The text of a value in JSON. */
export function jsonOf(name, value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch {
    // Said below.
  }
  check(text !== undefined, `${name} must be a value that JSON has`);
  return text;
}

export function checkClient(client) {
  check(typeof client?.users?.get === "function", "client must be a ManagementClient of auth0-users");
}

export function checkSource(name, source) {
  const isSource = source?.[Symbol.asyncIterator] || (typeof source === "object" && source?.[Symbol.iterator]);
  check(isSource, `${name} must be an array, an iterable or an async iterable`);
}

export function checkSignal(signal) {
  check(signal == null || typeof signal.addEventListener === "function", "abortSignal must be an AbortSignal");
}

export function checkObserver(name, observer) {
  check(observer == null || typeof observer === "function", `${name} must be a function`);
}

/** Refuses options that are no object or have an unknown name, since a wrong one would leave something undone. */
export function checkOptions(options, known) {
  check(isRecord(options), "options must be an object");
  for (const name of Object.keys(options)) check(known.includes(name), `options.${name} is unknown`);
  checkSignal(options.abortSignal);
  checkObserver("onProgress", options.onProgress);
}
