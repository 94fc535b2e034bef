import type { HttpResponsePromise, UpdateUserRequestContent } from "auth0-users";

/** What to change metadata with. */
export interface MetadataOptions extends RequestOptions {
  /** Tells what would be sent, and sends nothing but the read. */
  dryRun?: boolean;
  /**
   * The `updated_at` of the user that was looked at. If the user has changed since, nothing is sent and the promise rejects
   * with a {@link MetadataConflictError}. A change between the read and the write is not noticed: the API has no condition
   * for a `PATCH`.
   */
  ifUnmodifiedSince?: string | Date;
}

/** A value in metadata before and after. What is absent is not there. */
export interface MetadataDifference {
  path: string[];
  before?: unknown;
  after?: unknown;
}

/** What a change of metadata did, or what it would do. */
export interface MetadataChange<M extends object = Metadata> {
  /** The body of `PATCH /users/{id}`; undefined where nothing differs and nothing is sent. */
  patch: { user_metadata: Record<string, unknown> } | { app_metadata: Record<string, unknown> } | undefined;
  /** Each value that differs. */
  diff: MetadataDifference[];
  before: M;
  after: M;
  /** Whether the change was sent. */
  sent: boolean;
}

/** The user has changed since it was looked at; nothing was sent. */
export class MetadataConflictError extends Error {
  readonly code: "metadata_conflict";
  readonly expectedUpdatedAt: string;
  readonly updatedAt: string | undefined;
}

/** What a value may be changed by: objects at any depth, of which each key may be left out, and null takes it away. */
export type MetadataMerge<T> = {
  [K in keyof T]?:
    | (NonNullable<T[K]> extends readonly unknown[]
        ? T[K]
        : NonNullable<T[K]> extends object
          ? MetadataMerge<NonNullable<T[K]>>
          : T[K])
    | null;
};

/**
 * One kind of metadata of a user. Each method reads the user, sends only the keys of the first level that differ
 * (`GET` and `PATCH /users/{id}`, scopes `read:users` and `update:users`), and nothing where none does. Repeating one is
 * harmless.
 *
 * A `path` is a list of keys, or keys with dots between them; no key has a dot or a dollar sign. It leads through objects; a list is replaced whole.
 *
 * A value that JSON would drop or change, such as undefined, NaN or a Map, is refused with a `TypeError` that names its
 * path. What was read next to a change and would be sent back with an integer above 2^53 - 1, which `JSON.parse` rounds,
 * rejects with a `RangeError` with the code `unsafe_integer`, and nothing is sent, also with `dryRun`.
 */
export interface MetadataVerbs<M extends object = Metadata> {
  /** Merges objects at every level. Null takes a key away, and a list is replaced whole. */
  merge(changes: MetadataMerge<M>, options?: MetadataOptions): Promise<MetadataChange<M>>;
  /** Makes the metadata this value, and takes away the keys it does not have. */
  replace(value: M, options?: MetadataOptions): Promise<MetadataChange<M>>;
  /** Sets one value, and makes the objects that lead to it. */
  set(path: string | readonly string[], value: unknown, options?: MetadataOptions): Promise<MetadataChange<M>>;
  /** Takes away one value. */
  remove(path: string | readonly string[], options?: MetadataOptions): Promise<MetadataChange<M>>;
  /** Takes away all of it. */
  clear(options?: MetadataOptions): Promise<MetadataChange<M>>;
}

export interface AdminUsers<A extends object = Metadata, U extends object = Metadata> extends UsersClient<A, U> {
  /** The metadata of a user, by what is meant: those the user may change, and those of the application. */
  metadata(id: string): { readonly user: MetadataVerbs<U>; readonly app: MetadataVerbs<A> };
  /**
   * Updates a user like the client does, but refuses `{}` for metadata, which takes away all of them, with a `TypeError`,
   * and sends nothing, unless `allowMetadataClear` is true.
   */
  update(
    id: string,
    request?: UpdateUserRequestContent<A, U>,
    requestOptions?: RequestOptions & { allowMetadataClear?: boolean },
  ): HttpResponsePromise<User<A, U>>;
}
