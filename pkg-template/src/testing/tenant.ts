import { gunzipSync } from "fflate";

import { compile } from "../client/compile.ts";
import { Core, instantiate } from "../wasm/tenant/glue.js";
import text from "../wasm/tenant/inline.js";

/** Makes a local tenant. See testing.d.ts for what it takes and gives. */
export function createTenant(options = {}) {
  if (!started) {
    const compressed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    instantiate(compile(gunzipSync(compressed)));
    started = true;
  }
  return new Tenant(options);
}

let started = false;

const NEWLINE = 10;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

class Tenant {
  #core;
  #clock;
  #added = [];

  constructor(given) {
    const { users = 50, domain = "tenant.test", clock = Date.now, ...options } = check(given, "options");
    if (typeof domain !== "string" || !/^[\w.-]+(:\d+)?$/.test(domain)) {
      throw new TypeError(`domain has to be a host such as "tenant.test", not ${show(domain)}`);
    }
    if (typeof clock !== "function") {
      throw new TypeError(`clock has to be a function that returns milliseconds, not ${show(clock)}`);
    }
    this.domain = domain;
    this.url = `https://${domain}/api/v2`;
    this.token = options.tokens?.[0]?.token ?? "tenant-demo-token";
    this.#clock = clock;
    if (Array.isArray(users)) this.#added = structuredClone(users);
    const settings = { ...options, users: Array.isArray(users) ? 0 : users, origin: `https://${domain}` };
    try {
      this.#core = new Core(bytes(snakeOptions(settings)), this.#clock());
    } catch (error) {
      throw typeof error === "string" ? new TypeError(camel(error)) : error;
    }
    this.users = this.#group("users");
    this.roles = this.#group("roles");
    this.organizations = this.#group("organizations");
    this.connections = this.#group("connections");
    // So that it can be handed on alone.
    this.fetch = this.#fetch.bind(this);
    this.#addFirst();
  }

  #addFirst() {
    if (this.#added.length > 0) this.users.add(...this.#added);
  }

  #group(name) {
    return {
      add: (...given) => {
        const added = this.#control("POST", name, given);
        return given.length === 1 ? added[0] : added;
      },
    };
  }

  directory() {
    return this.#control("GET", "directory");
  }

  mails() {
    return this.#control("GET", "mails");
  }

  journal({ after, take } = {}) {
    const query = new URLSearchParams();
    if (after !== undefined) query.set("after", after);
    if (take !== undefined) query.set("take", take);
    const entries = this.#control("GET", `journal?${query}`);
    return entries.map(({ at_ms: at, ...entry }) => ({ ...entry, at }));
  }

  clearJournal() {
    this.#control("DELETE", "journal");
  }

  failNext(fault) {
    this.#command("fail-next", snake(check(fault, "fault")));
  }

  setFaults(faults) {
    this.#command("faults", faults && snake(check(faults, "faults")));
  }

  setRate(rate) {
    this.#command("rate", rate && snake(check(rate, "rate")));
  }

  setLatency(ms) {
    this.#command("latency", { ms });
  }

  advanceClock(ms) {
    this.#command("clock", { advance_ms: ms });
  }

  addToken(token) {
    this.#command("token", snake(check(token, "token")));
  }

  block(login) {
    this.#command("block", check(login, "login"));
  }

  attach(userId, counts) {
    this.#command("attach", { user_id: userId, ...snake(check(counts, "counts")) });
  }

  reset() {
    this.#control("POST", "reset");
    this.#addFirst();
  }

  snapshot() {
    return this.#control("GET", "snapshot");
  }

  restore(snapshot) {
    this.#control("POST", "restore", snapshot);
  }

  /** Calls a control endpoint, and translates the names of properties in its error. */
  #command(name, body) {
    try {
      this.#control("POST", name, body);
    } catch (error) {
      error.message = camel(error.message);
      throw error;
    }
  }

  #control(method, name, body) {
    const given = body === undefined ? new Uint8Array() : bytes(body);
    const { status, body: answer } = this.#serve({ method, url: `/__tenant/${name}`, headers: [] }, given);
    const value = answer.length > 0 ? JSON.parse(decoder.decode(answer)) : undefined;
    if (status >= 400) throw new TypeError(value?.message ?? value?.error ?? `${name} failed with ${status}`);
    return value;
  }

  #serve(head, body, verified = false) {
    const answer = this.#core.serve(bytes(head), body, verified, this.#clock());
    const end = answer.indexOf(NEWLINE);
    // What cannot be an HTTP request.
    if (end < 0) return { status: 400, headers: [], delay: 0, fault: "", body: answer };
    return { ...JSON.parse(decoder.decode(answer.subarray(0, end))), body: answer.subarray(end + 1) };
  }

  async #fetch(input, init) {
    const { body: given } = init ?? {};
    const request = new Request(input, given instanceof FormData ? { ...init, body: written(given) } : init);
    const { signal } = request;
    signal.throwIfAborted();
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const verified = pathname === "/oauth/token" && (await this.#verifyAssertion(body));
    signal.throwIfAborted();
    const head = { method: request.method, url: pathname + search, headers: [...request.headers] };
    const answer = this.#serve(head, body, verified);
    if (answer.delay > 0) await pause(answer.delay, signal);
    if (answer.fault === "reset") throw failure("fetch failed");
    const response = new Response(await content(answer, signal), {
      status: answer.status,
      headers: answer.headers,
    });
    return Object.defineProperty(response, "url", { value: request.url });
  }

  /** Verifies the signature of the assertion in a token request, for which the module has no code. */
  async #verifyAssertion(body) {
    const described = this.#core.assertion(body, this.#clock());
    if (described.length === 0) return false;
    const ends = [];
    for (let end = -1; ends.length < 3; ends.push(end)) end = described.indexOf(NEWLINE, end + 1);
    const [algorithm, pem, signed] = decoder.decode(described.subarray(0, ends[2])).split("\n");
    const scheme = algorithms[algorithm];
    if (!scheme) return false;
    try {
      const der = Uint8Array.from(atob(pem.replace(/-----[A-Z ]+-----/g, "")), (c) => c.charCodeAt(0));
      const key = await crypto.subtle.importKey("spki", der, scheme, false, ["verify"]);
      return await crypto.subtle.verify(scheme, key, described.subarray(ends[2] + 1), encoder.encode(signed));
    } catch {
      return false;
    }
  }
}

const algorithms = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  RS384: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  PS256: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
};

/** The body of an answer, with what shall happen to it on its way. */
async function content({ status, headers, fault, body }, signal) {
  if (status === 204 || status === 304) return null;
  const half = body.subarray(0, body.length >> 1);
  if (fault === "truncate") {
    return new ReadableStream({
      start(controller) {
        if (half.length > 0) controller.enqueue(half);
      },
      // An error at the start would take away what is there already.
      pull: (controller) => controller.error(failure("terminated")),
    });
  }
  if (fault === "stall") {
    return new ReadableStream({
      start(controller) {
        if (half.length > 0) controller.enqueue(half);
        signal.addEventListener("abort", () => controller.error(signal.reason), { __proto__: null, once: true });
      },
    });
  }
  const isFile = headers.some(([name, value]) => name === "content-type" && value === "application/gzip");
  // Compressing is left out of the module as well.
  return isFile ? new Blob([body]).stream().pipeThrough(new CompressionStream("gzip")) : body;
}

/** What fetch rejects with when a connection ends. */
function failure(message) {
  const cause = Object.assign(new Error("The connection was reset"), { code: "ECONNRESET" });
  return new TypeError(message, { cause });
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { __proto__: null, once: true });
  });
}

function check(value, name) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(`${name} has to be an object, not ${show(value)}`);
}

function show(value) {
  return typeof value === "string" ? JSON.stringify(value) : Array.isArray(value) ? "an array" : String(value);
}

function bytes(value) {
  return encoder.encode(JSON.stringify(value));
}

/** The same object with its properties named as the tenant names them. */
function snake(object) {
  const renamed = Object.entries(object).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(renamed);
}

function snakeOptions(options) {
  const named = snake(options);
  for (const name of ["rate", "write_rate", "faults"]) {
    if (named[name]) named[name] = snake(check(named[name], name));
  }
  for (const name of ["tokens", "clients"]) {
    if (Array.isArray(named[name])) named[name] = named[name].map((item) => snake(check(item, name)));
  }
  return named;
}

/** A message of the tenant with the names that JavaScript has. */
function camel(message) {
  return message.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

/** A form as it is sent. WebKit makes a request of a form with a file and then cannot read it. */
function written(form) {
  const boundary = `form-${Math.random().toString(36).slice(2)}`;
  const quoted = (text) => `"${text.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22")}"`;
  const parts = [...form].flatMap(([name, value]) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}`;
    if (typeof value === "string") return [head, "\r\n\r\n", value, "\r\n"];
    const type = value.type || "application/octet-stream";
    return [head, `; filename=${quoted(value.name)}\r\nContent-Type: ${type}\r\n\r\n`, value, "\r\n"];
  });
  return new Blob([...parts, `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` });
}
