import type { RawResponse } from "./responses.ts";

/**
 * One page of a list. It never changes; a loop over it starts with its own items and goes on to the last page.
 *
 * A loop ends only where the total of the list fits. It rejects where the server refuses to go on, as after the first
 * 1,000 users (status 400, `errorCode` `invalid_paging`), and with code `incomplete_list` where pages had fewer items than
 * the total says. `users.all` of `auth0-users/admin` reads any number of users.
 */
export interface Page<T, R = unknown> extends AsyncIterable<T> {
  /** The items of this page. */
  readonly data: T[];
  /** The whole answer: an envelope, or the bare items. */
  readonly response: R;
  readonly rawResponse: RawResponse;
  /** Returns false only where it is known that there is no page after this one. */
  hasNextPage(): boolean;
  /** Loads the page after this one, as a new page. A failed load can be tried again. Rejects after the last page, and where a loop does. */
  getNextPage(): Promise<Page<T, R>>;
}

/** A parameter that is true or false; null keeps it from being sent. */
export type Flag = boolean | null | undefined;

/** A page that is asked for by its number. */
export interface OffsetParameters<Totals extends Flag = Flag> {
  /** The page, from 0. */
  page?: number | null;
  /** The size of a page, at most 100; 50 by default. */
  per_page?: number | null;
  /** Whether the items come in an envelope, with a total; they do by default. */
  include_totals?: Totals;
}

/** A page that is asked for by the place where the one before it ended. */
export interface CheckpointParameters {
  /** The `next` of the answer before. */
  from?: string | null;
  /** The size of a page; 50 by default. */
  take?: number | null;
}

/** Names of fields: an array, or text with commas between them. */
export type FieldNames = string | readonly string[];

/** Which fields to give. */
export interface FieldsParameters<Fields extends FieldNames = FieldNames, Include extends Flag = Flag> {
  /** The fields to give: an array, or names with commas between them. */
  fields?: Fields | null;
  /** `false` turns `fields` into those to leave out. */
  include_fields?: Include;
}

/** Up (`1`) or down (`-1`) by a field. */
export type SortOrder = `${string}:${1 | -1}`;

/**
 * The answer of a list: an envelope, or the bare items where `include_totals` is `false` or null. A variable of the type of
 * the parameters does not tell, and is taken to leave it out.
 */
export type Listed<Totals extends Flag, Envelope, Item> = [boolean | null] extends [Totals]
  ? Envelope
  : Totals extends true | undefined
    ? Envelope
    : Item[];

/** The keys of `T` that are not an index signature. */
export type KnownKeys<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };

export type FieldList<T> = readonly KnownKeys<T>[] | string;

/** A `T` of which only some fields were asked for. Narrower only where they are listed in an array. */
export type Projected<T, Fields, Include = true> = [Fields] extends [readonly KnownKeys<T>[]]
  ? Include extends false
    ? Omit<T, Fields[number]>
    : Pick<T, Fields[number]>
  : T;
