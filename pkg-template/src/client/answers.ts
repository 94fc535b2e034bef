// What a call gives: the promise of an answer, and pages.

import { ManagementTimeoutError } from "./errors.ts";
import { define, defineHidden } from "./objects.ts";

const parts = ["headers", "redirected", "status", "statusText", "type", "url"];

/** Returns the answer without its body. What a caller's own fetch gave may throw where it is read. */
export function raw(response) {
  return Object.fromEntries(
    parts.map((name) => {
      try {
        return [name, response[name]];
      } catch {
        return [name];
      }
    }),
  );
}

/** Reading what is known of a response takes time that only those spend who ask for it. */
export function answer(data, response) {
  return {
    data,
    get rawResponse() {
      return raw(response);
    },
  };
}

export class HttpResponsePromise extends Promise {
  #answer;

  // A promise derived from this one is an ordinary promise.
  static get [Symbol.species]() {
    return Promise;
  }

  static from(answer) {
    const promise = new this((resolve, reject) => answer.then(({ data }) => resolve(data), reject));
    promise.#answer = answer;
    return promise;
  }

  withRawResponse() {
    // Whoever asks for the answer handles its failure there, and not here too.
    this.catch(() => {});
    return this.#answer.then(({ data, rawResponse }) => ({ data, rawResponse }));
  }
}

export class Page {
  #next;
  #check;

  /** `check` throws once the call was aborted or its deadline has passed. */
  constructor(data, response, rawResponse, next, check) {
    define(this, { data, response });
    defineHidden(this, { rawResponse });
    this.#next = next;
    this.#check = check;
  }

  hasNextPage() {
    return this.#next !== undefined;
  }

  getNextPage() {
    const next = this.#next;
    if (!next) return Promise.reject(new RangeError("getNextPage: this is the last page; ask hasNextPage() first"));
    const site = new Error();
    return new Promise((resolve, reject) => next.load(site, resolve, reject));
  }

  async *[Symbol.asyncIterator]() {
    for (let page = this; ; page = await page.getNextPage()) {
      for (const item of page.data) {
        page.#check?.();
        yield item;
      }
      if (!page.hasNextPage()) return;
    }
  }
}

export function page(items, body, response, next, operation, signal, until) {
  return new Page(items, body, raw(response), next, () => {
    if (signal?.aborted) throw signal.reason;
    if (Date.now() >= until) {
      throw new ManagementTimeoutError({ message: `${operation}: deadline exceeded`, code: "deadline", operation });
    }
  });
}
