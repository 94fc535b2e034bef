import type * as types from "../types/responses.ts";
import type { Answer } from "./responses.ts";

/** A promise of the value of a call, which keeps the answer that it came in. */
export class HttpResponsePromise<T> extends Promise<T> implements types.HttpResponsePromise<T> {
  #answer: Promise<Answer<T>> | undefined;

  // A promise derived from this one is an ordinary promise.
  static override get [Symbol.species]() {
    return Promise;
  }

  static from<T>(answer: Promise<Answer<T>>): HttpResponsePromise<T> {
    const promise = new this<T>((resolve, reject) => answer.then(({ data }) => resolve(data), reject));
    promise.#answer = answer;
    return promise;
  }

  withRawResponse() {
    // Whoever asks for the answer handles its failure there, and not here too.
    this.catch(() => {});
    const answer = this.#answer as Promise<Answer<T>>;
    return answer.then(({ data, rawResponse }) => ({ data, rawResponse }));
  }
}
