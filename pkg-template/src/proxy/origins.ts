// Where a request comes from: another site must neither read nor write with the cookies of this one.

import { check, demand, Refusal } from "./refusal.ts";
import { clean } from "./text.ts";

const EXPOSED = [
  "date",
  "retry-after",
  "x-auth0-requestid",
  "x-auth0-users-outcome",
  "x-correlation-id",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
].join(", ");

/** Reads the origins besides the proxy's own from which it may be used: a list, or a function that decides. */
export function readOrigins(origins = []) {
  if (typeof origins === "function") return { names: ["one that origins accepts"], accepts: asking(origins) };
  check(
    Array.isArray(origins),
    'origins must be an array such as ["https://admin.example.com"], or a function (origin, request) => boolean',
  );
  const names = Array.from(origins);
  check(
    names.every((origin) => typeof origin === "string" && isOrigin(origin)),
    'origins must be exact, such as "https://admin.example.com", without a path',
  );
  return { names, accepts: (origin) => names.includes(origin) };
}

function asking(origins) {
  return async (origin, request) => {
    if (!isOrigin(origin)) return false;
    const isAccepted = await origins(origin, request);
    if (typeof isAccepted !== "boolean") throw new TypeError("origins must return true or false");
    return isAccepted;
  };
}

const isOrigin = (text) => text !== "null" && URL.canParse(text) && new URL(text).origin === text;

/** The headers that let a page of another origin read the answer, if its origin is accepted. */
export function corsHeaders({ origin, isAccepted }, { names }) {
  const headers = { __proto__: null };
  if (names.length > 0) headers.vary = "origin";
  if (!isAccepted) return headers;
  headers["access-control-allow-origin"] = origin;
  headers["access-control-allow-credentials"] = "true";
  headers["access-control-expose-headers"] = EXPOSED;
  return headers;
}

/** Answers a preflight request of a browser. */
export function preflight(asked, origins) {
  demand(asked.header("access-control-request-method") !== null, 404, "inexistent_operation", "No such operation");
  if (!asked.isAccepted) throw foreign(asked, origins);
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": "content-type, x-csrf-token",
      "access-control-max-age": "600",
    },
  };
}

/** Refuses a request that a foreign page has made, and a write that does not prove to be from one's own. */
export function checkOrigin(asked, origins) {
  const { origin, isAccepted, own } = asked;
  const site = asked.header("sec-fetch-site");
  let isOwn;
  if (origin !== null) isOwn = origin === own || isAccepted;
  else if (asked.method === "GET") isOwn = site === null || site === "same-origin" || site === "none";
  else isOwn = site === "same-origin";
  if (!isOwn) throw foreign(asked, origins);
}

/** Names the origin that came and the one expected: behind another server, a runtime may not know the public one. */
function foreign({ origin, own }, { names }) {
  const came = origin === null ? "no origin that is allowed" : clean(origin, 60);
  const expected = [clean(own, 60), ...(names.length > 0 ? [clean(names.join(" or "), 60)] : [])].join(" or ");
  const message = `The request comes from ${came}, expected is ${expected}; set origins of createProxy to the origin of the page`;
  return new Refusal(403, "foreign_origin", message);
}

/** Refuses a write without the token that only one's own pages can know. */
export function checkToken(asked, token) {
  const given = asked.header("x-csrf-token") ?? "";
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
