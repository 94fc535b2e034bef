// The requests of a run: one deadline, one signal, and a count.

import { shared } from "./steps.js";

/** Reads pages of users. */
export class Reader {
  requests = 0;
  #client;
  #options;
  #left;
  #controller = new AbortController();
  #forward = () => this.#controller.abort(this.#options.abortSignal.reason);

  constructor(client, options) {
    this.#client = client;
    this.#options = options;
  }

  /** The time of the run begins. */
  begin() {
    const { abortSignal } = this.#options;
    this.#left = shared({ ...this.#options, abortSignal: this.#controller.signal });
    if (abortSignal?.aborted) this.#forward();
    abortSignal?.addEventListener("abort", this.#forward);
  }

  /** Ends what is under way. */
  stop() {
    this.#options.abortSignal?.removeEventListener("abort", this.#forward);
    this.#controller.abort();
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
