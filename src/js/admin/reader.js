// The requests of a run: one deadline, one signal, and a count.

import { following } from "./signal.js";
import { shared } from "./steps.js";

/** Reads pages of users. */
export class Reader {
  requests = 0;
  #client;
  #options;
  #left;
  #controller;

  constructor(client, options) {
    this.#client = client;
    this.#options = options;
  }

  /** The time of the run begins. */
  begin() {
    this.#controller = following(this.#options.abortSignal);
    this.#left = shared({ ...this.#options, abortSignal: this.#controller.signal });
  }

  /** Ends what is under way. */
  stop() {
    this.#controller?.release();
    this.#controller?.abort();
  }

  /** The users of a page, and how many the search counts. */
  async read(parameters, place) {
    this.requests++;
    const { data, response } = await this.#client.users.list(
      { ...parameters, ...place, include_totals: true },
      this.#left(),
    );
    return { place, users: data, total: response.total };
  }
}
