// The server half of an admin console: holds the token, asks who is there, and lets through what is allowed.

import { ManagementClient } from "auth0-users";

import { compile } from "../compile.js";
import { instantiate, judge } from "../proxy-bindgen/glue.js";
import { isRecord, readAllow } from "./allow.js";
import { readInput, refuse } from "./body.js";
import { checkOrigin, checkToken, corsHeaders, preflight, readOrigins } from "./origins.js";
import { check, demand, Refusal } from "./refusal.js";
import { targetOf } from "./target.js";
import { forward } from "./upstream.js";

/** How many calls of all actors there are shares of. */
const CALLS = 64;
const MAX_BODY_BYTES = 1_048_576;

/** Headers by which other software could be led to take a request for another one. */
const OVERRIDES = ["x-http-method", "x-http-method-override", "x-method-override"];

/** The function, with the module that `load` gives; the first call starts it. */
export function proxyWith(load) {
  let started = false;
  return function createProxy(options) {
    if (!started) {
      instantiate(compile(load()));
      started = true;
    }
    const proxy = new AdminProxy(options);
    return (request) => proxy.handle(request);
  };
}

class AdminProxy {
  #client;
  #authorize;
  #rules;
  #basePath;
  #origins;
  #csrf;
  #maxBodyBytes;
  #most;
  #onAudit;
  #onError;
  /** How many calls of each actor are under way or waiting. */
  #calls = new Map();

  constructor(options) {
    check(isRecord(options), "createProxy must be given an object of options");
    const { client, authorize, allow, basePath = "/admin-api", origins, csrf, ...others } = options;
    const {
      maxBodyBytes = MAX_BODY_BYTES,
      rateShare = 0.5,
      onAudit,
      onError = console.error,
      ...clientOptions
    } = others;
    check(typeof authorize === "function", "authorize must be a function that gives who is asking, or null");
    check(
      typeof basePath === "string" && /^(\/[\w~-][\w.~-]*)*$/.test(basePath),
      'basePath must be a path such as "/admin-api", without a slash at its end',
    );
    check(
      csrf === false || typeof csrf === "function",
      "csrf must be a function that gives the token of a session, or false to go without",
    );
    check(Number.isSafeInteger(maxBodyBytes) && maxBodyBytes > 0, "maxBodyBytes must be a whole number above 0");
    check(rateShare > 0 && rateShare <= 1, "rateShare must be a number above 0 and up to 1");
    check(onAudit === undefined || typeof onAudit === "function", "onAudit must be a function");
    check(typeof onError === "function", "onError must be a function");
    const unused = Object.keys(clientOptions).filter((name) => clientOptions[name] !== undefined);
    check(client === undefined || unused.length === 0, `client is given, so ${unused[0]} has no effect; leave it out`);
    check(client === undefined || isRecord(client.users), "client must be a ManagementClient");
    this.#authorize = authorize;
    this.#rules = rulesOf(allow);
    this.#basePath = basePath;
    this.#origins = readOrigins(origins);
    this.#csrf = csrf;
    this.#maxBodyBytes = maxBodyBytes;
    this.#most = Math.max(1, Math.floor(CALLS * rateShare));
    this.#onAudit = onAudit;
    this.#onError = onError;
    this.#client = client ?? new ManagementClient(clientOptions);
  }

  async handle(request) {
    const started = Date.now();
    const event = { actor: null, operation: null, target: {} };
    let answer;
    try {
      answer = await this.#serve(request, event);
    } catch (error) {
      answer = error;
      if (!(error instanceof Refusal)) {
        await this.#report(error);
        answer = new Refusal(500, "proxy_failure", "The proxy failed");
      }
    }
    const { status, data, errorCode } = answer;
    if (request.method !== "OPTIONS") {
      await this.#audit({ ...event, status, ...(errorCode && { errorCode }), durationMs: Date.now() - started });
    }
    const headers = {
      ...answer.headers,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...corsHeaders(request, this.#origins),
    };
    if (data === undefined || status === 204) return new Response(null, { status, headers });
    headers["content-type"] = "application/json; charset=utf-8";
    return new Response(JSON.stringify(data), { status, headers });
  }

  async #serve(request, event) {
    if (request.method === "OPTIONS") return preflight(request, this.#origins);
    const actor = await this.#authorize(request);
    demand(actor, 401, "unauthorized", "Nobody is signed in");
    const id = actor.id ?? actor;
    if (typeof id !== "string" || id === "") {
      throw new TypeError("authorize must give a non-empty string, or an object whose id is one");
    }
    event.actor = id;
    checkOrigin(request, this.#origins);
    const override = OVERRIDES.find((name) => request.headers.has(name));
    demand(override === undefined, 400, "invalid_header", `The header ${override} is not accepted`);
    const target = targetOf(request);
    demand(target.startsWith(`${this.#basePath}/`), 404, "inexistent_operation", "There is no such operation");
    const path = target.slice(this.#basePath.length);
    const rules = await this.#rules(actor);
    if (request.method === "GET" && path === "/-/capabilities") {
      event.operation = "capabilities";
      const token = this.#csrf && (await this.#token(request, actor));
      return { status: 200, data: { operations: rules.operations, ...(token && { csrf: token }) } };
    }

    const [refusal, name, ids, query, kind, items] = judge(request.method, path, rules.text);
    event.operation = name ?? null;
    event.target = targets(ids, query);
    refuse(refusal);
    if (this.#csrf && request.method !== "GET") checkToken(request, await this.#token(request, actor));

    const calls = this.#calls.get(id) ?? 0;
    if (calls >= this.#most) {
      const message = "You have as many calls under way as one may have";
      throw new Refusal(429, "too_many_calls", message, { "retry-after": "1" });
    }
    this.#calls.set(id, calls + 1);
    try {
      const input = await readInput(request, { name, kind }, rules.text, this.#maxBodyBytes);
      if (typeof input?.user_id === "string") event.target.user_id ??= input.user_id;
      // A write that has begun is better carried out than left in doubt.
      const signal = request.method === "GET" ? request.signal : undefined;
      return await forward(this.#client, { name, ids, query, kind, items }, input, rules.answers.get(name), signal);
    } finally {
      const left = this.#calls.get(id) - 1;
      if (left > 0) this.#calls.set(id, left);
      else this.#calls.delete(id);
    }
  }

  async #token(request, actor) {
    const token = await this.#csrf(request, actor);
    if (typeof token !== "string" || token === "") throw new TypeError("csrf must give a non-empty string");
    return token;
  }

  /** What was done, is done: a failure to tell of it does not change the answer. */
  async #audit(event) {
    try {
      await this.#onAudit?.(event);
    } catch (error) {
      await this.#report(error);
    }
  }

  async #report(error) {
    try {
      await this.#onError(error);
    } catch {
      // Nobody is left to tell.
    }
  }
}

/** A function that gives the rules for an actor. What a function gives is read each time: it may have changed. */
function rulesOf(allow) {
  if (typeof allow === "function") return async (actor) => readAllow(await allow(actor));
  const rules = readAllow(allow);
  return () => rules;
}

/** Whom an operation is about. */
function targets(ids = [], query = []) {
  const named = query.filter(([name, value]) => value !== null && ["identifier", "email"].includes(name));
  return Object.fromEntries([...ids, ...named]);
}
