/** The headers of the API's responses that are passed on to the browser. */
export const PASSED_HEADERS = [
  "date",
  "retry-after",
  "x-auth0-requestid",
  "x-correlation-id",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
];
