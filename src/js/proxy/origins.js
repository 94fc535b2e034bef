// Where a request comes from: another site must neither read nor write with the cookies of this one.

import { check, demand, Refusal } from "./refusal.js";

const EXPOSED =
  "retry-after, x-auth0-requestid, x-correlation-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset";

/** Reads the origins besides the proxy's own from which it may be used. */
export function readOrigins(origins = []) {
  check(Array.isArray(origins), 'origins must be an array such as ["https://admin.example.com"]');
  for (const origin of origins) {
    const isOrigin = typeof origin === "string" && URL.canParse(origin) && new URL(origin).origin === origin;
    check(isOrigin && origin !== "null", 'origins must be exact, such as "https://admin.example.com", without a path');
  }
  return new Set(origins);
}

/** The headers that let a page of another origin read the answer, if it is one of those named. */
export function corsHeaders(request, origins) {
  const headers = origins.size > 0 ? { vary: "origin" } : {};
  const origin = request.headers.get("origin");
  if (!origins.has(origin)) return headers;
  return {
    ...headers,
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": EXPOSED,
  };
}

/** Answers the question that a browser asks before it sends from another origin. */
export function preflight(request, origins) {
  demand(
    request.headers.has("access-control-request-method"),
    404,
    "inexistent_operation",
    "There is no such operation",
  );
  demand(origins.has(request.headers.get("origin")), 403, "foreign_origin", "This origin is not allowed");
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": "content-type, x-csrf-token",
      "access-control-max-age": "600",
    },
  };
}

/** Refuses a request that a foreign page has made, and a write that cannot be shown to be from one's own. */
export function checkOrigin(request, origins) {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const isRead = request.method === "GET";
  let isOwn;
  if (origin !== null) isOwn = origin === new URL(request.url).origin || origins.has(origin);
  else if (isRead) isOwn = site === null || site === "same-origin" || site === "none";
  else isOwn = site === "same-origin";
  demand(isOwn, 403, "foreign_origin", "The request must come from a page of this origin");
}

/** Refuses a write without the token that only one's own pages can know. */
export function checkToken(request, token) {
  const given = request.headers.get("x-csrf-token") ?? "";
  if (!isSame(given, token)) {
    throw new Refusal(403, "invalid_csrf_token", "The header x-csrf-token does not have the token of the session");
  }
}

/** Compares in a time that depends on the length of what was given, and on nothing else. */
function isSame(given, expected) {
  let difference = given.length ^ expected.length;
  for (let place = 0; place < given.length; place++) {
    difference |= given.charCodeAt(place) ^ expected.charCodeAt(place % expected.length);
  }
  return difference === 0;
}
