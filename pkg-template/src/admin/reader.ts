// The requests of a run: one deadline, one signal, and a count.

import { ManagementTimeoutError } from "auth0-users";

import { own } from "./check.ts";
import { following } from "./signal.ts";
import { shared } from "./steps.ts";

/** Reads pages of users. */
export class Reader {
  requests = 0;
  #client;
  #options;
  #left;
  #end;
  #controller;

  constructor(client, options) {
    this.#client = client;
    this.#options = options;
  }

  /** The time of the run begins. */
  begin() {
    this.#controller = following(this.#options.abortSignal);
    this.#left = shared({ __proto__: null, ...this.#options, abortSignal: this.#controller.signal });
    const { deadlineInSeconds: seconds } = this.#options;
    // A value that is not valid is refused by the first call.
    this.#end = typeof seconds === "number" && seconds > 0 ? performance.now() + seconds * 1000 : Infinity;
  }

  /** Throws once the signal has aborted or the deadline has passed. */
  check() {
    this.#controller.signal.throwIfAborted();
    if (performance.now() < this.#end) return;
    const operation = "users.all";
    const message = `${operation}: deadline of ${this.#options.deadlineInSeconds} s exceeded`;
    throw new ManagementTimeoutError({ message, code: "deadline", operation });
  }

  /** Ends what is under way. */
  stop() {
    this.#controller?.release();
    this.#controller?.abort();
  }

  /** Reads the users of a page, and how many the search counts, if the server says so. */
  async read(parameters, place) {
    this.requests++;
    const { data, response } = await this.#client.users.list(
      { ...parameters, ...place, include_totals: true, primary_order: true },
      this.#left(),
    );
    const total = own(response, "total");
    return { place, users: data, total: Number.isSafeInteger(total) && total >= 0 ? total : undefined };
  }
}
