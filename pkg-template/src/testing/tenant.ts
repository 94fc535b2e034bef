// A local tenant: the JavaScript API of the module.

import { gunzipSync } from "fflate";

import { compile } from "../client/compile.ts";
import { pause } from "../client/signals.ts";
import { Core, initSync } from "../wasm/tenant/glue.js";
import text from "../wasm/tenant/inline.js";
import { connectionError, contentOf, type ServedAnswer } from "./answer.ts";
import type { Fault, Fetch, JournalEntry, Snapshot, Tenant as TenantApi } from "./api.ts";
import { verifyAssertion } from "./assertion.ts";
import { decode, fromBase64, jsonOf, NEWLINE } from "./bytes.ts";
import type { Directory, NewUser, RelatedCounts } from "./directory.ts";
import { writeForm } from "./form.ts";
import {
  camel,
  checkObject,
  type RandomFaults,
  readOptions,
  snake,
  type TenantOptions,
  type TenantRate,
  type TenantToken,
} from "./options.ts";

let isStarted = false;

/**
 * Makes a local tenant: the server side of the operations of this package, in memory, with generated users. It answers
 * this client and any other as the Management API does, down to the error messages. It has no timers, connections or
 * files, and is garbage-collected like any object.
 *
 * Throws a `TypeError` that names the invalid option.
 */
export function createTenant(options: TenantOptions = {}): TenantApi {
  if (!isStarted) {
    initSync({ module: compile(gunzipSync(fromBase64(text))) });
    isStarted = true;
  }
  return new Tenant(options);
}

interface RequestHead {
  method: string;
  /** Path and query. */
  url: string;
  headers: [name: string, value: string][];
}

/** Adds resources of one kind. */
interface Group<New, Added> {
  add(item: New): Added;
  add(...items: New[]): Added[];
}

class Tenant implements TenantApi {
  readonly #core: Core;
  readonly #clock: () => number;
  readonly #added: NewUser[];
  readonly domain: string;
  readonly url: string;
  readonly token: string;
  readonly users: TenantApi["users"];
  readonly roles: TenantApi["roles"];
  readonly organizations: TenantApi["organizations"];
  readonly connections: TenantApi["connections"];
  readonly fetch: Fetch;

  constructor(options: TenantOptions) {
    const { domain, clock, token, users, settings } = readOptions(options);
    this.domain = domain;
    this.url = `https://${domain}/api/v2`;
    this.token = token;
    this.#clock = clock;
    this.#added = users;
    try {
      this.#core = new Core(jsonOf(settings), clock());
    } catch (error) {
      throw typeof error === "string" ? new TypeError(camel(error)) : error;
    }
    this.users = this.#group("users");
    this.roles = this.#group("roles");
    this.organizations = this.#group("organizations");
    this.connections = this.#group("connections");
    // Callers pass it on without the tenant.
    this.fetch = this.#fetch.bind(this);
    this.#addFirst();
  }

  #addFirst(): void {
    if (this.#added.length > 0) this.users.add(...this.#added);
  }

  #group<New, Added>(name: string): Group<New, Added> {
    const add = (...given: New[]) => {
      const added = this.#control("POST", name, given) as Added[];
      return given.length === 1 ? added[0] : added;
    };
    return { add: add as Group<New, Added>["add"] };
  }

  directory(): Directory {
    return this.#control("GET", "directory") as Directory;
  }

  mails(): ReturnType<TenantApi["mails"]> {
    return this.#control("GET", "mails") as ReturnType<TenantApi["mails"]>;
  }

  journal({ after, take }: { after?: number; take?: number } = {}): JournalEntry[] {
    const query = new URLSearchParams();
    if (after !== undefined) query.set("after", String(after));
    if (take !== undefined) query.set("take", String(take));
    const entries = this.#control("GET", `journal?${query}`) as (Omit<JournalEntry, "at"> & { at_ms: number })[];
    return entries.map(({ at_ms: at, ...entry }) => ({ ...entry, at }));
  }

  clearJournal(): void {
    this.#control("DELETE", "journal");
  }

  failNext(fault: Fault): void {
    this.#command("fail-next", snake(checkObject(fault, "fault")));
  }

  setFaults(faults: RandomFaults | null): void {
    this.#command("faults", faults && snake(checkObject(faults, "faults")));
  }

  setRate(rate: TenantRate | null): void {
    this.#command("rate", rate && snake(checkObject(rate, "rate")));
  }

  setLatency(ms: number): void {
    this.#command("latency", { ms });
  }

  advanceClock(ms: number): void {
    this.#command("clock", { advance_ms: ms });
  }

  addToken(token: TenantToken): void {
    this.#command("token", snake(checkObject(token, "token")));
  }

  block(login: { identifier: string; connection: string; ip?: string }): void {
    this.#command("block", checkObject(login, "login"));
  }

  attach(userId: string, counts: RelatedCounts): void {
    this.#command("attach", { user_id: userId, ...snake(checkObject(counts, "counts")) });
  }

  reset(): void {
    this.#control("POST", "reset");
    this.#addFirst();
  }

  snapshot(): Snapshot {
    return this.#control("GET", "snapshot") as Snapshot;
  }

  restore(snapshot: Snapshot): void {
    this.#control("POST", "restore", snapshot);
  }

  /** Calls a control endpoint, and translates the names of properties in its error. */
  #command(name: string, body: unknown): void {
    try {
      this.#control("POST", name, body);
    } catch (error) {
      if (error instanceof Error) error.message = camel(error.message);
      throw error;
    }
  }

  /** Calls a control endpoint, and returns its answer. */
  #control(method: string, name: string, body?: unknown): unknown {
    const given = body === undefined ? new Uint8Array() : jsonOf(body);
    const { status, body: answer } = this.#serve({ method, url: `/__tenant/${name}`, headers: [] }, given);
    const value: unknown = answer.length > 0 ? JSON.parse(decode(answer)) : undefined;
    if (status >= 400) {
      const refusal = value as { message?: string; error?: string } | undefined;
      throw new TypeError(refusal?.message ?? refusal?.error ?? `${name} failed with ${status}`);
    }
    return value;
  }

  #serve(head: RequestHead, body: Uint8Array, verified = false): ServedAnswer {
    const answer = this.#core.serve(jsonOf(head), body, verified, this.#clock()) as Uint8Array<ArrayBuffer>;
    const end = answer.indexOf(NEWLINE);
    // The module refused a malformed request.
    if (end < 0) return { status: 400, headers: [], delay: 0, fault: "", body: answer };
    const answered = JSON.parse(decode(answer.subarray(0, end))) as Omit<ServedAnswer, "body">;
    return { ...answered, body: answer.subarray(end + 1) };
  }

  async #fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { body: given } = init ?? {};
    const request = new Request(input, given instanceof FormData ? { ...init, body: writeForm(given) } : init);
    const { signal } = request;
    signal.throwIfAborted();
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const verified = pathname === "/oauth/token" && (await verifyAssertion(this.#core, body, this.#clock()));
    signal.throwIfAborted();
    const head: RequestHead = { method: request.method, url: pathname + search, headers: [...request.headers] };
    const answer = this.#serve(head, body, verified);
    if (answer.delay > 0) await pause(answer.delay, signal);
    if (answer.fault === "reset") throw connectionError("fetch failed");
    const response = new Response(contentOf(answer, signal), {
      status: answer.status,
      headers: answer.headers,
    });
    // Configurable: Mock Service Worker defines it again.
    return Object.defineProperty(response, "url", { value: request.url, configurable: true });
  }
}
