/**
 * Reads users from the file of an export, one by one, however many there are: starts a job with
 * `POST /jobs/users-exports` (scope `read:users`), asks for it until it is done with `GET /jobs/{id}`, and reads the file
 * as it comes in. The file is somewhere else, and gets no token; its link is good for a minute, so a download that breaks
 * off, or gives nothing for a minute, is gone on with by a new link, up to twice.
 *
 * With `fields`, users have these and no others; without, those that the API exports by default. An export is what the
 * tenant was at one time, and has no cap.
 *
 * Throws what the calls reject with, an error with `code: "job_failed"` and the `job` if that has no file, and a
 * `TypeError` that names the argument when one is not valid.
 */
export function exportUsers<
  A extends object = Metadata,
  U extends object = Metadata,
  const Field extends keyof User<A, U> | (string & {}) | ExportedField = keyof User<A, U>,
>(
  client: ManagementClient<A, U>,
  options?: ExportUsersOptions<Field>,
): AsyncGenerator<
  [Field] extends [keyof User<A, U>] ? Partial<Pick<User<A, U>, Field>> : Record<string, any>,
  void,
  undefined
>;

/** A field under a name of one's own. */
export interface ExportedField {
  name: string;
  export_as?: string;
}

export interface ExportUsersOptions<Field = string | ExportedField> extends JobOptions {
  /** The fields to read, such as `"email"` or `{ name: "app_metadata.plan", export_as: "plan" }`. */
  fields?: readonly Field[];
  /** The id of a connection, such as `con_123`; all of them by default. */
  connection?: string;
  /** How many users at most. */
  limit?: number;
  /** Reads the file, in place of the global `fetch`. */
  fetch?: (url: string, init: any) => Promise<any>;
}

interface JobOptions {
  /** How long to wait before a job is asked for, in seconds; 1 by default. Each time doubles it, up to eightfold. */
  pollSeconds?: number;
  /** Called with a job each time it was asked for. What it throws is dropped. */
  onProgress?: (job: GetJobResponseContent) => unknown;
  /** Ends everything but the job, which the server goes on with. */
  abortSignal?: AbortSignalLike;
  /** How long all of it may take, in seconds; then it ends with a `ManagementTimeoutError` with code `deadline`. */
  deadlineInSeconds?: number;
}

/**
 * Imports users into a database connection, however many there are, and yields what became of each: cuts them into files
 * of at most 500 kB, has the server work on two of them at once (`POST /jobs/users-imports`, `GET /jobs/{id}` and
 * `GET /jobs/{id}/errors`, scope `create:users`), and says for each row of `users` whether it was taken.
 *
 * `upsert` replaces the metadata of users that exist, and does not merge them; `onWarning` is told so.
 *
 * A file of which nobody knows whether it was taken, or what became of it, has its rows `"unknown"`; the others go on.
 * Throws what `users` throws, and a `TypeError` that names the argument when one is not valid.
 */
export function importUsers<A extends object = Metadata, U extends object = Metadata>(
  client: ManagementClient<A, U>,
  users: Iterable<ImportedUser<A, U>> | AsyncIterable<ImportedUser<A, U>>,
  options: ImportUsersOptions,
): AsyncGenerator<ImportResult<ImportedUser<A, U>>, void, undefined>;

export interface ImportUsersOptions extends JobOptions {
  /** The id of the connection, such as `con_123`. */
  connection: string;
  /** Whether users with an email that is there already are changed; they are refused by default. */
  upsert?: boolean;
  /** A name of your own for the jobs. */
  externalId?: string;
  /** Whether the owners of the tenant get a mail for each file; they do not by default. */
  sendCompletionEmail?: boolean;
  /** Is told what may surprise; `console.warn` by default. What it throws is dropped. */
  onWarning?: (message: string) => unknown;
}

/** What became of a user. */
export interface ImportResult<Imported = ImportedUser> {
  /** The place in `users`, from 0; undefined if the server refused one that was not given. */
  row: number | undefined;
  user: Imported;
  status: "ok" | "failed" | "unknown";
  /** Why the server refused it. */
  errors?: GetJobImportUserError[];
  /** Why its file was not taken, or why nobody knows what became of it. */
  error?: unknown;
}
