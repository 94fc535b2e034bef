// The server half of an admin console: holds the token, asks who is there, and lets through what is allowed.

import { ManagementClient } from "auth0-users";

import { compile } from "../client/compile.ts";
import { instantiate, judge } from "../wasm/proxy/glue.js";
import { isRecord, readAllow } from "./allow.ts";
import { addInput, addTarget, newEvent } from "./audit.ts";
import { readInput, refusalOf } from "./body.ts";
import { checkOrigin, checkToken, corsHeaders, preflight, readOrigins } from "./origins.ts";
import { Presence } from "./presence.ts";
import { check, demand, handlers, NOT_SENT, Refusal, responseOf, UNKNOWN } from "./refusal.ts";
import { readRequest } from "./target.ts";
import { clean } from "./text.ts";
import { forward } from "./upstream.ts";

/** How many calls of all actors there are shares of. */
const CALLS = 64;
const MAX_BODY_BYTES = 1_048_576;

/** Headers by which other software could be led to take a request for another one. */
const OVERRIDES = ["x-http-method", "x-http-method-override", "x-method-override"];

/** Tells a client that it needs a session. A browser asks for a password only for the schemes that it knows. */
const CHALLENGE = { "www-authenticate": 'Session realm="auth0-users"' };

/** The function, with the module that `load` gives; the first call starts it. */
export function proxyWith(load) {
  let started = false;
  return function createProxy(options) {
    if (!started) {
      instantiate(compile(load()));
      started = true;
    }
    const proxy = new AdminProxy(options);
    const handler = (request) => proxy.handle(request);
    handlers.add(handler);
    return handler;
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
    // Own properties only: what a prototype has was not meant for the proxy.
    const given = { __proto__: null, ...options };
    const { client, authorize, allow, basePath = "/admin-api", origins, csrf, ...others } = given;
    const {
      maxBodyBytes = MAX_BODY_BYTES,
      rateShare = 0.5,
      onAudit,
      onError = console.error,
      ...clientOptions
    } = { __proto__: null, ...others };
    check(typeof authorize === "function", "authorize must be a function that returns who is asking, or null");
    check(
      typeof basePath === "string" && /^(\/[\w~-][\w.~-]*)*$/.test(basePath),
      'basePath must be a path such as "/admin-api", without a slash at its end',
    );
    check(
      csrf === false || typeof csrf === "function",
      "csrf must be a function that returns the token of a session, or false to go without",
    );
    check(Number.isSafeInteger(maxBodyBytes) && maxBodyBytes > 0, "maxBodyBytes must be a whole number above 0");
    check(rateShare > 0 && rateShare <= 1, "rateShare must be a number above 0 and up to 1");
    check(onAudit === undefined || typeof onAudit === "function", "onAudit must be a function");
    check(typeof onError === "function", "onError must be a function");
    const unused = Object.keys(clientOptions).filter((name) => clientOptions[name] !== undefined);
    check(client === undefined || unused.length === 0, `client is given, so ${unused[0]} has no effect; leave it out`);
    check(client === undefined || isRecord(client?.users), "client must be a ManagementClient");
    this.#authorize = authorize;
    this.#rules = rulesOf(allow);
    this.#basePath = basePath;
    this.#origins = readOrigins(origins);
    this.#csrf = csrf;
    this.#maxBodyBytes = maxBodyBytes;
    this.#most = Math.max(1, Math.floor(CALLS * rateShare));
    this.#onAudit = onAudit;
    this.#onError = onError;
    this.#client = client ?? new ManagementClient({ __proto__: null, ...clientOptions });
  }

  async handle(request) {
    const startedMs = Date.now();
    const event = newEvent();
    const call = { __proto__: null, event, headers: {}, isAudited: true, isChange: false, isSent: false };
    let response;
    try {
      response = responseOf(await this.#serve(request, call), call.headers);
      event.outcome = "ok";
    } catch (error) {
      const refusal = Refusal.is(error) ? error : this.#failure(error, call);
      const outcome = call.isChange ? refusal.outcome : undefined;
      response = responseOf(refusal, { ...call.headers, ...(outcome && { "x-auth0-users-outcome": outcome }) });
      event.outcome = auditOutcome(refusal, outcome);
      if (typeof refusal.errorCode === "string") event.errorCode = clean(refusal.errorCode);
    }
    call.presence?.release();
    event.status = response.status;
    if (call.isAudited) await this.#audit({ ...event, durationMs: Date.now() - startedMs });
    return response;
  }

  async #serve(request, call) {
    const { event } = call;
    if (Refusal.is(request)) throw request;
    const asked = readRequest(request);
    call.isAudited = asked.method !== "OPTIONS";
    call.isChange = asked.method !== "OPTIONS" && asked.method !== "GET";
    call.presence = asked.presence = new Presence(asked.signal);
    asked.isAccepted = await this.#accepts(asked, request);
    call.headers = corsHeaders(asked, this.#origins);
    if (asked.method === "OPTIONS") return preflight(asked, this.#origins);
    const actor = await this.#authorize(request);
    demand(actor, 401, "unauthorized", "Not signed in", { headers: CHALLENGE });
    const id = idOf(actor);
    event.actor = clean(id);
    call.presence.check();
    checkOrigin(asked, this.#origins);
    const override = OVERRIDES.find((name) => asked.header(name) !== null);
    demand(override === undefined, 400, "invalid_header", `The header ${override} is not accepted`);
    demand(asked.target.startsWith(`${this.#basePath}/`), 404, "inexistent_operation", "There is no such operation");
    const path = asked.target.slice(this.#basePath.length);
    const rules = await this.#rules(actor);
    if (asked.method === "GET" && path === "/-/capabilities") {
      event.operation = "capabilities";
      const token = this.#csrf && (await this.#token(request, actor));
      return { status: 200, data: { operations: rules.operations, ...(token && { csrf: token }) } };
    }

    const [refusal, name, ids, query, kind, items] = judge(asked.method, path, rules.text);
    event.operation = name ?? null;
    addTarget(event, ids, query);
    if (refusal) throw refusalOf(refusal);
    if (this.#csrf && call.isChange) checkToken(asked, await this.#token(request, actor));
    call.presence.check();

    const calls = this.#calls.get(id) ?? 0;
    if (calls >= this.#most) {
      const message = "You have as many calls under way as one may have";
      throw new Refusal(429, "too_many_calls", message, { headers: { "retry-after": "1" } });
    }
    this.#calls.set(id, calls + 1);
    try {
      const { input, refusal } = await readInput(request, asked, { name, kind }, rules.text, this.#maxBodyBytes);
      addInput(event, input);
      if (refusal) throw refusal;
      return await forward(this.#client, { name, ids, query, kind, items }, input, rules.answers.get(name), call);
    } finally {
      const left = this.#calls.get(id) - 1;
      if (left > 0) this.#calls.set(id, left);
      else this.#calls.delete(id);
    }
  }

  /** Is the origin of a request one of those besides the proxy's own? What the program fails to decide is not. */
  async #accepts(asked, request) {
    const { origin, own } = asked;
    if (origin === null) return false;
    try {
      return await this.#origins.accepts(origin, request);
    } catch (error) {
      this.#report(error);
      return false;
    }
  }

  async #token(request, actor) {
    const token = await this.#csrf(request, actor);
    if (typeof token !== "string" || token === "") throw new TypeError("csrf must return a non-empty string");
    return token;
  }

  /** The refusal for an error that is none of the API's: its text stays on the server. */
  #failure(error, { isSent }) {
    this.#report(error);
    const message = isSent ? "The proxy failed after the request was sent" : "The proxy failed";
    return new Refusal(500, "proxy_failure", message, { outcome: isSent ? UNKNOWN : NOT_SENT });
  }

  /** A change that was made stays made: a failure of the audit does not change the answer. */
  async #audit(event) {
    try {
      await this.#onAudit?.(event);
    } catch (error) {
      this.#report(error);
    }
  }

  async #report(error) {
    try {
      await this.#onError(error);
    } catch {
      // There is no one left to report to.
    }
  }
}

/** A function that gives the rules for an actor. What a function gives is read each time: it may have changed. */
function rulesOf(allow) {
  if (typeof allow === "function") return async (actor) => readAllow(await allow(actor));
  const rules = readAllow(allow);
  return () => rules;
}

/** The id of an actor: a string, or the property of an object or its class, but not of every object. */
function idOf(actor) {
  let id = actor;
  if (typeof actor !== "string") {
    let owner = actor;
    while (owner !== null && typeof owner === "object" && !Object.hasOwn(owner, "id"))
      owner = Object.getPrototypeOf(owner);
    const isRoot = owner !== actor && (owner === null || Object.getPrototypeOf(owner) === null);
    id = isRoot ? undefined : actor.id;
  }
  if (typeof id !== "string" || id === "") {
    throw new TypeError("authorize must return a non-empty string, or an object whose id is one");
  }
  return id;
}

/** How a refused request ended, for the audit. */
function auditOutcome({ status, errorCode }, outcome) {
  if (outcome === UNKNOWN) return "unknown";
  if (errorCode === "closed") return "withdrawn";
  return status >= 500 ? "failed" : "refused";
}
