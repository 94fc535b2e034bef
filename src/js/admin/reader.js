// The requests of a run: one deadline, one signal, and a count.

/** Reads pages of users. */
export class Reader {
  requests = 0;
  #client;
  #options;
  #deadline;
  #controller = new AbortController();
  #forward = () => this.#controller.abort(this.#options.abortSignal.reason);

  constructor(client, options) {
    this.#client = client;
    this.#options = options;
  }

  /** The time of the run begins. */
  begin() {
    const { abortSignal, deadlineInSeconds } = this.#options;
    if (deadlineInSeconds !== undefined) this.#deadline = Date.now() + deadlineInSeconds * 1_000;
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
    const options = { ...this.#options, abortSignal: this.#controller.signal };
    // A deadline has to lie ahead.
    if (this.#deadline !== undefined) options.deadlineInSeconds = Math.max(this.#deadline - Date.now(), 1) / 1_000;
    this.requests++;
    const { data, response } = await this.#client.users.list(
      { ...parameters, ...place, include_totals: true },
      options,
    );
    return { place, users: data, total: response.total };
  }
}
