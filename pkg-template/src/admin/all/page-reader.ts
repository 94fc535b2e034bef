import { type ManagementClient, ManagementTimeoutError, type RequestOptions, type User } from "auth0-users";

import { own, record } from "../../client/objects.ts";
import { following, type LinkedController } from "../../client/signals.ts";
import { sharedDeadline } from "../shared/reads.ts";
import type { PagePosition, UserPage } from "./windows.ts";

type ListParameters = NonNullable<Parameters<ManagementClient["users"]["list"]>[0]>;

/** A search for users in an order. */
export interface SearchParameters {
  readonly q: string | undefined;
  readonly sort: string;
  readonly fields: readonly (keyof User)[] | undefined;
}

/** Reads the pages of a run, with one deadline and one signal, and counts the requests. */
export class PageReader {
  requests = 0;
  readonly #client: ManagementClient;
  readonly #options: RequestOptions;
  #callOptions: () => RequestOptions | undefined = () => undefined;
  #end = Infinity;
  #controller: LinkedController | undefined;

  constructor(client: ManagementClient, options: RequestOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Starts the time of the run. */
  begin(): void {
    this.#controller = following(this.#options.abortSignal);
    this.#callOptions = sharedDeadline(record({ ...this.#options, abortSignal: this.#controller.signal }));
    const { deadlineInSeconds: seconds } = this.#options;
    // A value that is not valid is refused by the first call.
    if (typeof seconds === "number" && seconds > 0) this.#end = performance.now() + seconds * 1000;
  }

  /** Throws once the signal has aborted or the deadline has passed. */
  check(): void {
    this.#controller?.signal.throwIfAborted();
    if (performance.now() < this.#end) return;
    const operation = "users.all";
    const message = `${operation}: deadline of ${this.#options.deadlineInSeconds} s exceeded`;
    throw new ManagementTimeoutError({ message, code: "deadline", operation });
  }

  /** Ends what is under way. */
  stop(): void {
    this.#controller?.release();
    this.#controller?.abort();
  }

  /** Reads a page of users. */
  async read({ q, sort, fields }: SearchParameters, position: PagePosition): Promise<UserPage> {
    this.requests++;
    const { data, response } = await this.#client.users.list(
      {
        q: q ?? null,
        sort: sort as NonNullable<ListParameters["sort"]>,
        fields: fields ?? null,
        ...position,
        include_totals: true,
        primary_order: true,
      },
      this.#callOptions(),
    );
    const total = own(response, "total");
    return { position, users: data, total: Number.isSafeInteger(total) && total >= 0 ? total : undefined };
  }
}
