// What a call is given, as JavaScript gives it: made into a query and a body.

import { check, invalidArgument } from "./argument-errors.ts";
import { callOptions, type CallOptions } from "./call-options.ts";
import { form, type Form } from "./form.ts";
import type { Headers } from "./headers.ts";
import { jsonOf } from "./json.ts";
import { isRecord, record, split, type UnknownRecord } from "./objects.ts";
import type { Operation } from "./operations.ts";
import { entries, hasValue, isGiven, read, unknown, type Readers } from "./properties.ts";

/** What the module reads of a call. */
export interface CallArguments extends CallOptions {
  query?: string;
  page?: number;
  perPage?: number | undefined;
  from?: string;
  body?: string | Form | undefined;
}

/** What the module reads of a call of an endpoint that is not among the operations. */
interface UnlistedArguments extends CallArguments {
  method?: unknown;
  path?: unknown;
}

/** One query parameter as text. Names of fields and of parameters have no control characters. */
function text(name: string, value: unknown, isName = name === "fields"): string {
  const fits = /^(string|boolean|bigint)$/.test(typeof value) || Number.isFinite(value) || value instanceof String;
  try {
    if (fits && !(isName && /\p{Cc}/u.test(value as string))) return encodeURIComponent(value as string);
  } catch {}
  throw invalidArgument(
    `${name} must be a string, a number, a boolean, or an array of those, without half of a surrogate pair` +
      (isName ? " and without control characters" : ""),
  );
}

/** An object of these properties and of no others, as one with a prototype may have. */
const fromEntries = (pairs: [string, unknown][]): UnknownRecord => record(Object.fromEntries(pairs));

/** What a list is asked for where its caller gives nothing else. */
const defaults: UnknownRecord = record({ page: 0, per_page: 50, include_totals: true, take: 50 });

/**
 * The defaults of a list. One that knows both ways of paging goes by checkpoint, which reaches the end, until it is
 * asked for an offset.
 */
function listDefaults(known: readonly string[], given: UnknownRecord): UnknownRecord {
  const byOffset = Object.keys(given).some((name) => name !== "take" && name in defaults);
  const fits = (name: string): boolean =>
    !(known.includes("page") && known.includes("take")) || (name === "take") !== byOffset;
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => known.includes(name) && fits(name)));
}

/** Writes a query, and takes out of it what the module turns pages by. */
function query(
  name: string,
  required: readonly string[],
  known: readonly string[],
  input: unknown,
  options: CallArguments,
): string {
  const given = fromEntries(entries("request", input).filter(isGiven));
  for (const parameter of Object.keys(given)) {
    if (!known.includes(parameter)) throw unknown(parameter, name, known);
  }
  const extra = fromEntries(options.extra ?? []);
  const values: UnknownRecord = record({ ...listDefaults(known, { ...given, ...extra }), ...given });
  // What turns pages is one value, whoever gives it.
  for (const parameter of Object.keys(extra).filter((parameter) => parameter in values)) {
    if (parameter in defaults) {
      values[parameter] = extra[parameter];
      delete extra[parameter];
    } else {
      delete values[parameter];
    }
  }
  for (const parameter of required) check((values[parameter] ?? extra[parameter]) != null, `${parameter} is required`);
  options.perPage = Number(values.per_page) || undefined;
  if (known.includes("page") && /^\d{1,9}$/.test(values.page as string)) {
    options.page = Number(values.page);
    delete values.page;
  }
  if (known.includes("from") && typeof values.from === "string") {
    options.from = values.from;
    delete values.from;
  }
  const list = (value: unknown): unknown[] => [value].flat();
  const pairs = (values: UnknownRecord) => Object.entries(values).filter(hasValue);
  return [
    ...pairs(values).map(([parameter, value]) => {
      const items = list(value).map((item) => text(parameter, item));
      return `${parameter}=${items.join("%2C")}`;
    }),
    ...pairs(extra).flatMap(([parameter, value]) =>
      list(value).map((item) => `${text("queryParams", parameter, true)}=${text(parameter, item)}`),
    ),
  ].join("&");
}

function objectBody(input: unknown): string {
  const body = isRecord(input) ? jsonOf("request", input, invalidArgument, 0) : "";
  // A toJSON may give something else.
  check(body.startsWith("{"), "request must be an object");
  return body;
}

/** Writes the body of a call. */
function body(kind: Operation["input"], input: unknown): string | Form | undefined {
  switch (kind) {
    case "body":
      return objectBody(input);
    case "optional body":
      return objectBody(input === undefined ? {} : input);
    case "items":
      check(Array.isArray(input), "request must be an array");
      return jsonOf("request", input, invalidArgument, 1);
    case "form": {
      check(isRecord(input), "request must be an object");
      const { users, ...fields } = fromEntries(Object.entries(input).filter(hasValue));
      return form(
        () => Object.entries(fields).map(([name, value]) => [name, decodeURIComponent(text(name, value))]),
        users,
      );
    }
    default:
      return undefined;
  }
}

/** Reads what a call was given besides its identifiers: the request, if the operation takes one, and options. */
export function callArguments(
  { input, required, optional }: Operation,
  name: string,
  request: unknown,
  requestOptions: unknown,
  defaultHeaders: Headers,
): CallArguments {
  // A body first: a stream in it must not fail unheard because something else is refused.
  const content = body(input, request);
  const options: CallArguments = callOptions(requestOptions, defaultHeaders);
  const takesQuery = input === "query";
  const needed = split(required);
  const known = [...needed, ...split(optional)];
  options.query =
    takesQuery || options.extra ? query(name, needed, known, takesQuery ? request : undefined, options) : "";
  options.body = content;
  return options;
}

const unlistedReaders: Readers<UnlistedArguments> = {
  method(options, value) {
    options.method = value;
  },
  path(options, value) {
    options.path = value;
  },
  query(options, value) {
    options.extra = entries("query", value).filter(hasValue);
  },
  body(options, value) {
    options.body = objectBody(value);
  },
};

/** Reads a call of an endpoint that is not among the operations. */
export function unlistedArguments(
  request: unknown,
  requestOptions: unknown,
  defaultHeaders: Headers,
): UnlistedArguments {
  const options: UnlistedArguments = callOptions(requestOptions, defaultHeaders);
  const { extra = [] } = options;
  read("request", request, unlistedReaders, options);
  check(typeof options.method === "string", "method must be GET, POST, PUT, PATCH or DELETE");
  check(
    Array.isArray(options.path) && options.path.length > 0,
    'path must be an array of segments, such as ["clients", "id"]',
  );
  options.extra = [...(options.extra ?? []), ...extra];
  options.query = query("request", [], [], undefined, options);
  return options;
}
