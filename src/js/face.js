// What has to be a JavaScript class to be what users expect: errors, pages, and the promise of a
// response. Everything else is in wasm.

const isError = Symbol.for("auth0-users.ManagementError");

/** Properties that are there for whoever asks, but do not show up in logs. */
function hide(target, properties) {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  }
}

export class ManagementError extends Error {
  constructor({ message, cause, body, rawResponse, ...fields } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) this[name] = value;
    }
    hide(this, { body, rawResponse });
  }
}
hide(ManagementError.prototype, { name: "ManagementError" });
Object.defineProperty(ManagementError.prototype, isError, { value: true });

function subclass(name) {
  const type = { [name]: class extends ManagementError {} }[name];
  hide(type.prototype, { name });
  return type;
}

export const ManagementTimeoutError = subclass("ManagementTimeoutError");

const byStatus = {
  400: subclass("BadRequestError"),
  401: subclass("UnauthorizedError"),
  402: subclass("PaymentRequiredError"),
  403: subclass("ForbiddenError"),
  404: subclass("NotFoundError"),
  409: subclass("ConflictError"),
  410: subclass("GoneError"),
  412: subclass("PreconditionFailedError"),
  413: subclass("ContentTooLargeError"),
  422: subclass("UnprocessableEntityError"),
  429: subclass("TooManyRequestsError"),
  500: subclass("InternalServerError"),
  503: subclass("ServiceUnavailableError"),
  504: subclass("GatewayTimeoutError"),
};

export const Management = Object.freeze(
  Object.fromEntries(Object.values(byStatus).map((type) => [type.prototype.name, type])),
);

export function isManagementError(value) {
  return typeof value === "object" && value !== null && value[isError] === true;
}

export function invalidArgument(message) {
  return Object.assign(new TypeError(message), { code: "invalid_argument" });
}

function check(condition, message) {
  if (!condition) throw invalidArgument(message);
}

/** The properties of an argument that is an object or left out. */
function entries(argument, value) {
  check(value == null || (typeof value === "object" && !Array.isArray(value)), `${argument} must be an object`);
  return Object.entries(value ?? {});
}

const isGiven = ([, value]) => value !== undefined;

function unknown(name, of, known) {
  return invalidArgument(`${name} is not a parameter of ${of}, which takes ${known.join(", ")}`);
}

const callReaders = {
  timeoutInSeconds(options, value) {
    check(value > 0, "timeoutInSeconds must be a positive number of seconds");
    options.timeoutMs = value * 1000;
  },
  maxRetries(options, value) {
    check(Number.isInteger(value) && value >= 0, "maxRetries must be a whole number, 0 or more");
    options.maxRetries = value;
  },
  headers(options, value, defaults) {
    options.headers = headers(value, defaults);
  },
};

const requestReaders = {
  ...callReaders,
  abortSignal(options, value) {
    if (value === null) return;
    check(typeof value.aborted === "boolean" && value.addEventListener, "abortSignal must be an AbortSignal");
    options.signal = value;
  },
  queryParams(options, value) {
    options.extra = entries("queryParams", value).filter(([, value]) => value != null);
  },
};

const clientReaders = {
  ...callReaders,
  domain(options, value) {
    check(
      /^[\w.-]+(:\d+)?$/.test(value),
      'domain must be a host name such as "tenant.eu.auth0.com", without a scheme or a path',
    );
    options.baseUrl ??= `https://${value}/api/v2`;
  },
  baseUrl(options, value) {
    let url = "";
    try {
      url = new URL(value, globalThis.location?.href).href;
    } catch {}
    check(url, "baseUrl must be an absolute URL outside a web page");
    check(
      /^https?:[^?#@]+$/.test(url),
      "baseUrl must be an http or https URL without a query, a fragment or a user name",
    );
    options.baseUrl = url.replace(/\/+$/, "");
  },
  token(options, value) {
    const type = typeof value;
    check(
      type === "string" || type === "function" || value?.then,
      "token must be a string, or a function that gives one",
    );
    options.token = type === "string" ? value : async () => (type === "function" ? value() : value);
  },
  fetch(options, value) {
    check(typeof value === "function", "fetch must be a function");
    options.fetch = value;
  },
};

function read(argument, value, readers, options, defaults) {
  for (const [name, option] of entries(argument, value).filter(isGiven)) {
    if (!Object.hasOwn(readers, name)) throw unknown(name, argument, Object.keys(readers));
    readers[name](options, option, defaults);
  }
  return options;
}

export function clientOptions(value) {
  const options = read("ManagementClient", value, clientReaders, {});
  check(options.baseUrl, "domain is required, or baseUrl in its place");
  return { ...options, call: options };
}

/**
 * Merges headers. The result is a plain object, or a function that gives a promise of one where a value has to be
 * asked for.
 */
function headers(value, defaults) {
  const given = entries("headers", value).map(([name, value]) => [name.toLowerCase(), value ?? null]);
  for (const [name, value] of given) {
    check(name !== "authorization", "headers must not have authorization, which is made from token");
    check(/^[!#$%&'*+.^_`|~\w-]+$/.test(name), "headers must have names that HTTP allows");
    if (typeof value === "string") checkHeader(value);
  }
  const plain =
    typeof defaults !== "function" && given.every(([, value]) => value === null || typeof value === "string");
  if (plain) return present({ ...defaults, ...Object.fromEntries(given) });
  return async () => {
    const merged = typeof defaults === "function" ? await defaults() : { ...defaults };
    for (const [name, value] of given) {
      merged[name] = (await (typeof value === "function" ? value() : value)) ?? null;
      if (merged[name] !== null) checkHeader(merged[name]);
    }
    return present(merged);
  };
}

function checkHeader(value) {
  check(
    typeof value === "string" && /^[\t -~\x80-\xff]*$/.test(value),
    "headers must have values that are strings of one line",
  );
}

function present(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));
}

/** One query parameter as text. */
function text(name, value) {
  const fits = /^(string|boolean|bigint)$/.test(typeof value) || Number.isFinite(value);
  try {
    if (fits) return encodeURIComponent(value);
  } catch {}
  throw invalidArgument(`${name} must be a string, a number, a boolean, or an array of those`);
}

/** What a list is asked for where its caller gives nothing else. */
const defaults = { page: 0, per_page: 50, include_totals: true, take: 50 };

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
  const given = Object.fromEntries(entries("request", input).filter(isGiven));
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw unknown(name, operation, known);
  }
  const extra = Object.fromEntries(options.extra ?? []);
  const values = { ...listDefaults(known, { ...given, ...extra }), ...given };
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
  const pairs = (values, each) =>
    Object.entries(values)
      .filter(([, value]) => value != null)
      .flatMap(each);
  return [
    ...pairs(
      values,
      ([name, value]) =>
        `${name}=${list(value)
          .map((item) => text(name, item))
          .join("%2C")}`,
    ),
    ...pairs(extra, ([name, value]) => list(value).map((item) => `${encodeURIComponent(name)}=${text(name, item)}`)),
  ].join("&");
}

/** A body as text. */
function json(value) {
  let text;
  let cause;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    cause = error;
  }
  if (text === undefined) throw Object.assign(invalidArgument("request cannot be written as JSON"), { cause });
  return text;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const bodies = {
  body(input) {
    check(isObject(input), "request must be an object");
    return json(input);
  },
  "optional body"(input) {
    return bodies.body(input === undefined ? {} : input);
  },
  items(input) {
    check(Array.isArray(input), "request must be an array");
    return json(input);
  },
  form(input) {
    check(isObject(input), "request must be an object");
    const form = new FormData();
    for (const [name, value] of Object.entries(input).filter(([, value]) => value != null)) {
      const isText = typeof value !== "object";
      if (isText && name !== "users") form.append(name, String(value));
      else
        form.append(
          name,
          value instanceof Blob ? value : new Blob([file(value)], { type: "application/json" }),
          "users.json",
        );
    }
    return form;
  },
};

/** The content of a file: text and bytes as they are, anything else as JSON. */
function file(value) {
  return typeof value === "string" || value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? value : json(value);
}

export function callArguments(operation, kind, required, optional, input, requestOptions, defaultHeaders) {
  const options = read("requestOptions", requestOptions, requestReaders, { headers: defaultHeaders }, defaultHeaders);
  const words = (text) => text.split(" ").filter(Boolean);
  const known = words(`${required} ${optional}`);
  options.query = query(operation, known, words(required), kind === "query" ? input : undefined, options);
  options.body = bodies[kind]?.(input);
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
    options.extra = entries("query", value).filter(([, value]) => value != null);
  },
  body(options, value) {
    options.body = bodies.body(value);
  },
};

export function unlistedArguments(what, requestOptions, defaultHeaders) {
  const options = read("requestOptions", requestOptions, requestReaders, { headers: defaultHeaders }, defaultHeaders);
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

export function failure(phrase, code, operation, attempts, retryAfterMs, body, cause, response) {
  const rawResponse = response && raw(response);
  // The engine gives a redirect that it did not follow the status 0.
  const statusCode = response?.status || undefined;
  const errorCode = typeof body?.errorCode === "string" ? body.errorCode : undefined;
  const header = (name) => response?.headers.get(name) ?? undefined;
  const requestId = header("x-auth0-requestid") ?? header("x-correlation-id");
  const status = statusCode ? ` (${statusCode}${errorCode ? ` ${errorCode}` : ""})` : "";
  const message = `${operation} ${phrase}${status}`;
  const type = code === "timeout" ? ManagementTimeoutError : (byStatus[statusCode] ?? ManagementError);
  return new type({
    message,
    code,
    operation,
    attempts,
    statusCode,
    errorCode,
    requestId,
    retryAfterMs,
    body,
    cause,
    rawResponse,
  });
}

function raw({ headers, redirected, status, statusText, type, url }) {
  return { headers, redirected, status, statusText, type, url };
}

export function answer(data, response) {
  return { data, rawResponse: raw(response) };
}

export class HttpResponsePromise extends Promise {
  #answer;

  // A promise derived from this one is an ordinary promise.
  static get [Symbol.species]() {
    return Promise;
  }

  static from(answer) {
    const promise = new this((resolve, reject) => answer.then(({ data }) => resolve(data), reject));
    promise.#answer = answer;
    return promise;
  }

  withRawResponse() {
    // Whoever asks for the answer handles its failure there, and not here too.
    this.catch(() => {});
    return this.#answer.then((answer) => answer);
  }
}

export function responsePromise(answer) {
  return HttpResponsePromise.from(answer);
}

export class Page {
  #next;

  constructor(data, response, rawResponse, next) {
    this.data = data;
    this.response = response;
    hide(this, { rawResponse });
    this.#next = next;
  }

  hasNextPage() {
    return this.#next !== undefined;
  }

  getNextPage() {
    return this.#next?.load() ?? Promise.reject(new RangeError("this is the last page; ask hasNextPage() first"));
  }

  async *[Symbol.asyncIterator]() {
    for (let page = this; ; page = await page.getNextPage()) {
      yield* page.data;
      if (!page.hasNextPage()) return;
    }
  }
}

export function page(items, body, response, next) {
  return new Page(items, body, raw(response), next);
}
