// What the proxy answers by itself, in the shape of the API's own errors.

const phrases = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  413: "Payload Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  499: "Client Closed Request",
  500: "Internal Server Error",
  502: "Bad Gateway",
  504: "Gateway Timeout",
};

/** Ends a request: what is thrown is what is answered. */
export class Refusal {
  constructor(status, errorCode, message, headers = {}, error = phrases[status] ?? "Error") {
    this.status = status;
    this.errorCode = errorCode;
    this.headers = headers;
    this.data = { statusCode: status, error, message, errorCode };
  }
}

/** Refuses a request unless the condition holds. */
export function demand(condition, status, errorCode, message) {
  if (!condition) throw new Refusal(status, errorCode, message);
}

/** Refuses what whoever writes the program has given. */
export function check(condition, message) {
  if (!condition) throw Object.assign(new TypeError(message), { code: "invalid_argument" });
}
