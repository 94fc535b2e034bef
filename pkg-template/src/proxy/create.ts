// The server half of an admin console: holds the token, authorizes each request, and forwards the allowed operations.

import { compile } from "../client/compile.ts";
import { record } from "../client/objects.ts";
import { initSync } from "../wasm/proxy/glue.js";
import { addInput, addTarget, type AuditEvent, type AuditOutcome, newEvent } from "./audit.ts";
import { readInput } from "./body.ts";
import type { ProxyHandler, ProxyRequest } from "./handler.ts";
import { recognise } from "./operation.ts";
import { type Actor, type ProxyConfig, type ProxyOptions, readOptions } from "./options.ts";
import { checkOrigin, checkToken, corsHeaders, preflight } from "./origins.ts";
import { Presence } from "./presence.ts";
import {
  type Answer,
  assert,
  handlers,
  type HeaderRecord,
  NOT_SENT,
  type Outcome,
  Refusal,
  responseOf,
  UNKNOWN,
} from "./refusal.ts";
import { readRequest, type RequestParts } from "./target.ts";
import { clean } from "./text.ts";
import { type Call, forward } from "./upstream.ts";

/** Headers that make other software treat a request as another method. */
const OVERRIDES = ["x-http-method", "x-http-method-override", "x-method-override"];

/** The challenge of a 401. Browsers prompt for a password only for schemes that they know. */
const CHALLENGE = { "www-authenticate": 'Session realm="auth0-users"' };

let isStarted = false;

/** Makes a proxy. The first call instantiates the module that `load` returns. */
export function makeProxy<A extends Actor>(
  options: ProxyOptions<A>,
  load: () => Parameters<typeof compile>[0],
): ProxyHandler {
  if (!isStarted) {
    initSync({ module: compile(load()) });
    isStarted = true;
  }
  const proxy = new AdminProxy(options);
  const handler = (request: ProxyRequest | Refusal) => proxy.handle(request);
  handlers.add(handler);
  return handler;
}

/** The state of a request while it is served. */
interface RequestState extends Omit<Call, "presence"> {
  presence?: Presence;
  /** Headers of every answer to it. */
  headers: HeaderRecord;
  isAudited: boolean;
}

class AdminProxy<A extends Actor> {
  #config: ProxyConfig<A>;
  /** The number of running and waiting calls of each actor. */
  #calls = new Map<string, number>();

  constructor(options: ProxyOptions<A>) {
    this.#config = readOptions(options);
  }

  async handle(request: ProxyRequest | Refusal): Promise<Response> {
    const startedMs = Date.now();
    const event = newEvent();
    const state = record<RequestState>({ event, headers: {}, isAudited: true, isChange: false, isSent: false });
    let response;
    try {
      response = responseOf(await this.#serve(request, state), state.headers);
      event.outcome = "ok";
    } catch (error) {
      const refusal = Refusal.is(error) ? error : this.#failure(error, state);
      const outcome = state.isChange ? refusal.outcome : undefined;
      response = responseOf(refusal, { ...state.headers, ...(outcome && { "x-auth0-users-outcome": outcome }) });
      event.outcome = auditOutcome(refusal, outcome);
      if (typeof refusal.errorCode === "string") event.errorCode = clean(refusal.errorCode);
    }
    state.presence?.release();
    event.status = response.status;
    if (state.isAudited) await this.#audit({ ...event, durationMs: Date.now() - startedMs });
    return response;
  }

  async #serve(request: ProxyRequest | Refusal, state: RequestState): Promise<Answer> {
    const { event } = state;
    const { authorize, basePath, client, csrf, maxBodyBytes, maxCalls, origins, rulesFor } = this.#config;
    if (Refusal.is(request)) throw request;
    const parts = readRequest(request);
    state.isAudited = parts.method !== "OPTIONS";
    state.isChange = parts.method !== "OPTIONS" && parts.method !== "GET";
    const presence = new Presence(parts.signal);
    const call = Object.assign(state, { presence });
    const incoming = { ...parts, presence, isAccepted: await this.#accepts(parts, request) };
    state.headers = corsHeaders(incoming, origins);
    if (incoming.method === "OPTIONS") return preflight(incoming, origins);
    const actor = await authorize(request);
    assert(actor, 401, "unauthorized", "Not signed in", { headers: CHALLENGE });
    const id = idOf(actor);
    event.actor = clean(id);
    presence.check();
    checkOrigin(incoming, origins);
    const override = OVERRIDES.find((name) => incoming.header(name) !== null);
    assert(override === undefined, 400, "invalid_header", `The header ${override} is not accepted`);
    assert(incoming.target.startsWith(`${basePath}/`), 404, "inexistent_operation", "There is no such operation");
    const path = incoming.target.slice(basePath.length);
    const rules = await rulesFor(actor);
    if (incoming.method === "GET" && path === "/-/capabilities") {
      event.operation = "capabilities";
      const token = csrf && (await tokenOf(csrf, request, actor));
      return { status: 200, data: { operations: rules.operations, ...(token && { csrf: token }) } };
    }

    const { operation, refusal } = recognise(incoming.method, path, rules.text);
    event.operation = operation?.name ?? null;
    addTarget(event, operation?.ids, operation?.query);
    if (!operation) throw refusal;
    if (refusal) throw refusal;
    if (csrf && state.isChange) checkToken(incoming, await tokenOf(csrf, request, actor));
    presence.check();

    const calls = this.#calls.get(id) ?? 0;
    if (calls >= maxCalls) {
      const message = "You have as many calls under way as one may have";
      throw new Refusal(429, "too_many_calls", message, { headers: { "retry-after": "1" } });
    }
    this.#calls.set(id, calls + 1);
    try {
      const { input, refusal: inputRefusal } = await readInput(request, incoming, operation, rules.text, maxBodyBytes);
      addInput(event, input);
      if (inputRefusal) throw inputRefusal;
      return await forward(client, operation, input, rules.answers[operation.name], call);
    } finally {
      const left = (this.#calls.get(id) ?? 0) - 1;
      if (left > 0) this.#calls.set(id, left);
      else this.#calls.delete(id);
    }
  }

  /** Returns whether the option `origins` accepts the origin of a request. An error in it counts as false. */
  async #accepts({ origin }: RequestParts, request: ProxyRequest): Promise<boolean> {
    if (origin === null) return false;
    try {
      const { accepts } = this.#config.origins;
      return await accepts(origin, request);
    } catch (error) {
      void this.#report(error);
      return false;
    }
  }

  /** Returns the refusal for an error that is not the API's. Its text stays on the server. */
  #failure(error: unknown, { isSent }: RequestState): Refusal {
    void this.#report(error);
    const message = isSent ? "The proxy failed after the request was sent" : "The proxy failed";
    return new Refusal(500, "proxy_failure", message, { outcome: isSent ? UNKNOWN : NOT_SENT });
  }

  /** Calls `onAudit`. Its failure does not change the answer, since the change is already applied. */
  async #audit(event: AuditEvent): Promise<void> {
    try {
      const { onAudit } = this.#config;
      await onAudit?.(event);
    } catch (error) {
      void this.#report(error);
    }
  }

  async #report(error: unknown): Promise<void> {
    try {
      const { onError } = this.#config;
      await onError(error);
    } catch {
      // A failure of onError cannot be reported.
    }
  }
}

/** Returns the csrf token of a session. */
async function tokenOf<A>(
  csrf: (request: ProxyRequest, actor: A) => string | Promise<string>,
  request: ProxyRequest,
  actor: A,
): Promise<string> {
  const token: unknown = await csrf(request, actor);
  if (typeof token !== "string" || token === "") throw new TypeError("csrf must return a non-empty string");
  return token;
}

/** Returns the id of an actor: a string, or the property of an object or its class, but not of `Object.prototype`. */
function idOf(actor: Actor): string {
  let id: unknown = actor;
  if (typeof actor !== "string") {
    let owner: unknown = actor;
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

/** Returns the outcome of a refused request, for the audit. */
function auditOutcome({ status, errorCode }: Refusal, outcome: Outcome | undefined): AuditOutcome {
  if (outcome === UNKNOWN) return "unknown";
  if (errorCode === "closed") return "withdrawn";
  return status >= 500 ? "failed" : "refused";
}
