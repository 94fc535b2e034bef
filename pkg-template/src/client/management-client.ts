import { Core } from "../wasm/users/glue.js";
import type { Capabilities } from "../types/capabilities.ts";
import type { Metadata } from "../types/common.ts";
import type { RateLimit } from "../types/observers.ts";
import type { ManagementClientOptions, RequestOptions, UnlistedRequest } from "../types/options.ts";
import type { HttpResponsePromise } from "../types/responses.ts";
import { locate } from "./argument-errors.ts";
import { callUnlisted } from "./call.ts";
import type { Headers } from "./headers.ts";
import { start } from "./module.ts";
import type { OperationName } from "./operations.ts";
import { Permissions, requiredScopes } from "./permissions.ts";
import { bind, stateOf } from "./resource.ts";
import { JobsClient } from "./resources/jobs.ts";
import { TicketsClient } from "./resources/tickets.ts";
import { UserBlocksClient } from "./resources/user-blocks.ts";
import { UsersClient } from "./resources/users.ts";

/** The client, apart from how an entry point comes by the module. */
export abstract class Client<A extends object = Metadata, U extends object = Metadata> {
  readonly users: UsersClient<A, U>;
  /** Blocks after failed logins, which are not the `blocked` of a user. */
  readonly userBlocks: UserBlocksClient;
  /** What the server works on for a while. */
  readonly jobs: JobsClient<A, U>;
  /** Links that let a user do one thing. */
  readonly tickets: TicketsClient;

  /** @internal `load` gives the module, when the first client is made. */
  constructor(options: ManagementClientOptions, load: () => BufferSource | WebAssembly.Module) {
    start(load);
    let core;
    try {
      core = new Core(options, (csrf: unknown) => stateOf(this).permissions.invalidate(csrf));
    } catch (error) {
      throw locate(error, "", new Error());
    }
    const path = ["-", "capabilities"];
    const permissions = new Permissions(core, () => this.request<Capabilities>({ method: "GET", path }));
    bind(this, { core, headers: core.headers() as Headers, client: this, permissions });
    this.users = new UsersClient(this);
    this.userBlocks = new UserBlocksClient(this);
    this.jobs = new JobsClient(this);
    this.tickets = new TicketsClient(this);
  }

  /** The same, for the token of a signed-in user: with the operations only that such a token allows, on that user. */
  static forCurrentUser<A extends object = Metadata, U extends object = Metadata>(
    this: new (options: ManagementClientOptions) => CurrentUserClient<A, U>,
    options: ManagementClientOptions,
  ): CurrentUserClient<A, U> {
    return new this(options);
  }

  /**
   * Calls an endpoint that has no method here: below the same base URL and nowhere else, with the same token, limits,
   * errors and path rules. `POST` and `PATCH` are sent once.
   */
  request<T = unknown>(request: UnlistedRequest, requestOptions?: RequestOptions): HttpResponsePromise<T> {
    return callUnlisted<T>(this, request, requestOptions);
  }

  /**
   * Returns whether this client may call an operation, by the scopes that its token names, or by the answer of the proxy
   * at its base URL to `GET {baseUrl}/-/capabilities`, which is read once. True for a token that names no scopes, and for
   * a scope on which Auth0's own documents differ: the server decides. Rejects with a `TypeError` for an unknown name, and
   * with the error of the token function or the proxy if that fails.
   */
  async can(operation: OperationName): Promise<boolean> {
    return stateOf(this).permissions.can(operation);
  }

  /**
   * Returns what the proxy at the base URL allows (`GET {baseUrl}/-/capabilities`). It is read once, and again after a
   * failure, or when a change was refused with its `csrf`, which changes have to be sent with. A client with a function in
   * `headers` or for `token` reads it each time, since the answer may depend on the user who makes the call.
   */
  async capabilities(): Promise<Capabilities> {
    return stateOf(this).permissions.capabilities();
  }

  /** The scopes that a token needs for these operations: of several that would do, the first that the API names. */
  requiredScopes(operations: readonly OperationName[]): string[] {
    return requiredScopes(operations);
  }

  /** What is known about the server's limit, and how the calls of this client fare. */
  get rateLimit(): RateLimit {
    return stateOf(this).core.rate_limit() as RateLimit;
  }

  /** Gives memory back at once. Not needed, and harmless while calls are pending. */
  free(): void {
    stateOf(this).core.free();
  }

  /** The same, for `using client = new ManagementClient(...)`. */
  declare [Symbol.dispose]: () => void;
}
// Engines of 2023 lack the symbol.
if (Symbol.dispose) {
  Client.prototype[Symbol.dispose] = function () {
    this.free();
  };
}

/** The client of a signed-in user, whose token reaches that user only. The server says what of it the token allows. */
export interface CurrentUserClient<A extends object = Metadata, U extends object = Metadata> extends Pick<
  Client<A, U>,
  "can" | "requiredScopes" | "rateLimit" | "free" | typeof Symbol.dispose
> {
  readonly users: Pick<UsersClient<A, U>, "get" | "update" | "delete"> & {
    readonly enrollments: UsersClient<A, U>["enrollments"];
    readonly identities: UsersClient<A, U>["identities"];
  };
}
