import type * as types from "../types/lists.ts";
import type { RawResponse } from "../types/responses.ts";
import { ManagementTimeoutError } from "./errors.ts";
import { define, defineHidden } from "./objects.ts";
import { raw } from "./responses.ts";

/** Where a list goes on. */
export interface Cursor {
  load(callSite: Error, resolve: (page: Page) => void, reject: (error: unknown) => void): void;
}

/** One page of a list. */
export class Page<T = unknown, R = unknown> implements types.Page<T, R> {
  declare readonly data: T[];
  declare readonly response: R;
  declare readonly rawResponse: RawResponse;
  readonly #next: Cursor | undefined;
  readonly #check: () => void;

  /** `check` throws once the call was aborted or its deadline has passed. */
  constructor(data: T[], response: R, rawResponse: RawResponse, next: Cursor | undefined, check: () => void) {
    define(this, { data, response });
    defineHidden(this, { rawResponse });
    this.#next = next;
    this.#check = check;
  }

  hasNextPage(): boolean {
    return this.#next !== undefined;
  }

  getNextPage(): Promise<Page<T, R>> {
    const next = this.#next;
    if (!next) return Promise.reject(new RangeError("getNextPage: this is the last page; ask hasNextPage() first"));
    // As deep in the stack as the call sites of operations.
    const callSite = (() => new Error())();
    return new Promise<Page>((resolve, reject) => next.load(callSite, resolve, reject)) as Promise<Page<T, R>>;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (const item of this.data) {
      this.#check();
      yield item;
    }
    for (let page = await this.#following(); page; page = await page.#following()) {
      for (const item of page.data) {
        page.#check();
        yield item;
      }
    }
  }

  async #following(): Promise<Page<T, R> | undefined> {
    return this.#next && this.getNextPage();
  }
}

/** Makes a page out of an answer of the API. */
export function page(
  items: unknown[],
  body: unknown,
  response: Response,
  next: Cursor | undefined,
  operation: string,
  signal: AbortSignal | undefined,
  untilMs: number,
): Page {
  return new Page(items, body, raw(response), next, () => {
    if (signal?.aborted) throw signal.reason;
    if (Date.now() >= untilMs) {
      throw new ManagementTimeoutError({ message: `${operation}: deadline exceeded`, code: "deadline", operation });
    }
  });
}
