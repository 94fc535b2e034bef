// Checks the origin of a request: another site must neither read nor write with the cookies of this one.

import { check } from "../client/argument-errors.ts";
import { record } from "../client/objects.ts";
import type { ProxyRequest } from "./handler.ts";
import { PASSED_HEADERS } from "./headers.ts";
import { type Answer, assert, type HeaderRecord, Refusal } from "./refusal.ts";
import type { IncomingRequest } from "./target.ts";
import { clean } from "./text.ts";

type AcceptsOrigin = (origin: string, request: ProxyRequest) => boolean | Promise<boolean>;

/** The further origins whose pages may use the proxy. */
export interface Origins {
  /** The origins as a refusal names them. */
  names: string[];
  accepts: AcceptsOrigin;
}

/** The headers that a page of another origin may read. */
const EXPOSED = [...PASSED_HEADERS, "x-auth0-users-outcome"].sort().join(", ");

/** Reads the option `origins`: a list, or a function that decides. */
export function readOrigins(origins: readonly string[] | AcceptsOrigin = []): Origins {
  if (typeof origins === "function") return { names: ["one that origins accepts"], accepts: asking(origins) };
  check(
    Array.isArray(origins),
    'origins must be an array such as ["https://admin.example.com"], or a function (origin, request) => boolean',
  );
  const names: unknown[] = Array.from(origins);
  check(
    names.every((origin): origin is string => typeof origin === "string" && isOrigin(origin)),
    'origins must be exact, such as "https://admin.example.com", without a path',
  );
  return { names, accepts: (origin) => names.includes(origin) };
}

function asking(origins: AcceptsOrigin): AcceptsOrigin {
  return async (origin, request) => {
    if (!isOrigin(origin)) return false;
    const isAccepted: unknown = await origins(origin, request);
    if (typeof isAccepted !== "boolean") throw new TypeError("origins must return true or false");
    return isAccepted;
  };
}

const isOrigin = (text: string) => text !== "null" && URL.canParse(text) && new URL(text).origin === text;

/** Returns the headers that let a page of an accepted origin read the response. */
export function corsHeaders({ origin, isAccepted }: IncomingRequest, { names }: Origins): HeaderRecord {
  const headers = record<HeaderRecord>({});
  if (names.length > 0) headers.vary = "origin";
  if (!isAccepted || origin === null) return headers;
  headers["access-control-allow-origin"] = origin;
  headers["access-control-allow-credentials"] = "true";
  headers["access-control-expose-headers"] = EXPOSED;
  return headers;
}

/** Answers a preflight request of a browser. */
export function preflight(incoming: IncomingRequest, origins: Origins): Answer {
  assert(incoming.header("access-control-request-method") !== null, 404, "inexistent_operation", "No such operation");
  if (!incoming.isAccepted) throw foreign(incoming, origins);
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": "content-type, x-csrf-token",
      "access-control-max-age": "600",
    },
  };
}

/** Refuses a request of a foreign page, and a write without proof of its origin. */
export function checkOrigin(incoming: IncomingRequest, origins: Origins): void {
  const { origin, isAccepted, ownOrigin } = incoming;
  const site = incoming.header("sec-fetch-site");
  let isOwn;
  if (origin !== null) isOwn = origin === ownOrigin || isAccepted;
  else if (incoming.method === "GET") isOwn = site === null || site === "same-origin" || site === "none";
  else isOwn = site === "same-origin";
  if (!isOwn) throw foreign(incoming, origins);
}

/** Returns a refusal that names both origins: behind another server, a runtime may not know the public one. */
function foreign({ origin, ownOrigin }: IncomingRequest, { names }: Origins): Refusal {
  const came = origin === null ? "no origin that is allowed" : clean(origin, 60);
  const expected = [clean(ownOrigin, 60), ...(names.length > 0 ? [clean(names.join(" or "), 60)] : [])].join(" or ");
  const message = `The request comes from ${came}, expected is ${expected}; set origins of createProxy to the origin of the page`;
  return new Refusal(403, "foreign_origin", message);
}

/** Refuses a write without the csrf token. */
export function checkToken(incoming: IncomingRequest, token: string): void {
  const given = incoming.header("x-csrf-token") ?? "";
  if (!timingSafeEqual(given, token)) {
    throw new Refusal(403, "invalid_csrf_token", "The header x-csrf-token does not have the token of the session");
  }
}

/** Compares in a time that depends only on the length of `given`. */
function timingSafeEqual(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let index = 0; index < given.length; index++) {
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index % expected.length);
  }
  return difference === 0;
}
