// What a call is given, as JavaScript gives it: made into a query and a body.

import { check, invalidArgument } from "./errors.ts";
import { entries, hasValue, isGiven, read, requestReaders, unknown } from "./options.ts";
import { form } from "./form.ts";
import { jsonOf } from "./json.ts";

/** One query parameter as text. Names of fields and of parameters have no control characters. */
function text(name, value, isName = name === "fields") {
  const fits = /^(string|boolean|bigint)$/.test(typeof value) || Number.isFinite(value) || value instanceof String;
  try {
    if (fits && !(isName && /\p{Cc}/u.test(value))) return encodeURIComponent(value);
  } catch {}
  throw invalidArgument(
    `${name} must be a string, a number, a boolean, or an array of those, without half of a surrogate pair` +
      (isName ? " and without control characters" : ""),
  );
}

/** An object of these properties and of no others, as one with a prototype may have. */
const record = (pairs) => ({ __proto__: null, ...Object.fromEntries(pairs) });

/** What a list is asked for where its caller gives nothing else. */
const defaults = { __proto__: null, page: 0, per_page: 50, include_totals: true, take: 50 };

/**
 * The defaults of a list. One that knows both ways of paging goes by checkpoint, which reaches the end, until it is
 * asked for an offset.
 */
function listDefaults(known, given) {
  const byOffset = Object.keys(given).some((name) => name !== "take" && name in defaults);
  const fits = (name) => !(known.includes("page") && known.includes("take")) || (name === "take") !== byOffset;
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => known.includes(name) && fits(name)));
}

function query(operation, known, required, input, options) {
  const given = record(entries("request", input).filter(isGiven));
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw unknown(name, operation, known);
  }
  const extra = record(options.extra ?? []);
  const values = { __proto__: null, ...listDefaults(known, { ...given, ...extra }), ...given };
  // What turns pages is one value, whoever gives it.
  for (const name of Object.keys(extra).filter((name) => name in values)) {
    if (name in defaults) [values[name], extra[name]] = [extra[name]];
    else delete values[name];
  }
  for (const name of required) check((values[name] ?? extra[name]) != null, `${name} is required`);
  options.perPage = Number(values.per_page) || undefined;
  if (known.includes("page") && /^\d{1,9}$/.test(values.page)) {
    options.page = Number(values.page);
    delete values.page;
  }
  if (known.includes("from") && typeof values.from === "string") {
    options.from = values.from;
    delete values.from;
  }
  const list = (value) => [value].flat();
  const pairs = (values, each) => Object.entries(values).filter(hasValue).flatMap(each);
  return [
    ...pairs(
      values,
      ([name, value]) =>
        `${name}=${list(value)
          .map((item) => text(name, item))
          .join("%2C")}`,
    ),
    ...pairs(extra, ([name, value]) =>
      list(value).map((item) => `${text("queryParams", name, true)}=${text(name, item)}`),
    ),
  ].join("&");
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const bodies = {
  __proto__: null,
  body(input) {
    const text = isObject(input) && jsonOf("request", input, invalidArgument, 0);
    // A toJSON may give something else.
    check(text?.[0] === "{", "request must be an object");
    return text;
  },
  "optional body"(input) {
    return bodies.body(input === undefined ? {} : input);
  },
  items(input) {
    check(Array.isArray(input), "request must be an array");
    return jsonOf("request", input, invalidArgument, 1);
  },
  form(input) {
    check(isObject(input), "request must be an object");
    const { users, ...fields } = record(Object.entries(input).filter(hasValue));
    return form(
      () => Object.entries(fields).map(([name, value]) => [name, decodeURIComponent(text(name, value))]),
      users,
    );
  },
};

/** What follows the identifiers: the input, if the operation takes one, and options. */
export function callArguments({ name, ids, kind, required, known }, given, defaultHeaders) {
  // Beyond their end, arrays have the elements of Object.prototype.
  const input = kind ? given.at(ids) : undefined;
  const own = given.at(kind ? ids + 1 : ids);
  // A body first: a stream in it must not fail unheard because something else is refused.
  const body = bodies[kind]?.(input);
  const begun = { __proto__: null, headers: defaultHeaders };
  const options = read("requestOptions", own, requestReaders, begun, defaultHeaders);
  const takesQuery = kind === "query";
  options.query =
    takesQuery || options.extra ? query(name, known, required, takesQuery ? input : undefined, options) : "";
  options.body = body;
  return options;
}

const unlistedReaders = {
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
    options.body = bodies.body(value);
  },
};

export function unlistedArguments(what, requestOptions, defaultHeaders) {
  const begun = { __proto__: null, headers: defaultHeaders };
  const options = read("requestOptions", requestOptions, requestReaders, begun, defaultHeaders);
  const { extra = [] } = options;
  read("request", what, unlistedReaders, options);
  check(typeof options.method === "string", "method must be GET, POST, PUT, PATCH or DELETE");
  check(
    Array.isArray(options.path) && options.path.length > 0,
    'path must be an array of segments, such as ["clients", "id"]',
  );
  options.extra = [...(options.extra ?? []), ...extra];
  options.query = query("request", [], [], undefined, options);
  return options;
}
