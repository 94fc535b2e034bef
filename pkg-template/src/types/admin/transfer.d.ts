/**
 * Reads users from the file of an export, one by one, however many there are: starts a job with
 * `POST /jobs/users-exports` (scope `read:users`), asks for it until it is done with `GET /jobs/{id}`, and reads the file
 * as it comes in. The file is somewhere else, and gets no token; its link is good for a minute, so a download that breaks
 * off, or gives nothing for a minute, is resumed by a new link. The run ends after three downloads in a row without a new
 * user, or 100 in all. A file proves that it is whole by its checksum (gzip), its length or `limit`; otherwise it is read
 * twice.
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
 * A row is `"ok"` only if the counts of the job fit and no refused user may be this row: where the server echoes a refused
 * user so that two rows fit, both are `"unknown"`. So are the rows of a file whose outcome is unknown; the others go on.
 *
 * With a `journal`, a run that ended early, or was killed, is resumed by the next run with the same `users` in the same
 * order: rows that were taken are `"skipped"`, jobs that were begun are looked up, and rows that failed or were not sent
 * are imported. Leaving the loop, `abortSignal` and the deadline withdraw files that wait to be sent; their rows have no
 * result.
 *
 * Throws what `users` and `journal` throw, and a `TypeError` that names the argument when one is not valid.
 *
 * @example
 * for await (const { row, status } of importUsers(client, users, { connection: "con_123" })) console.log(row, status);
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
  /** Keeps which files were sent and what became of their rows; it belongs to one connection. See {@link BulkJournal}. */
  journal?: BulkJournal;
  /** Whether to send again the rows that an earlier run left unknown; `false` by default. */
  retryUnknown?: boolean;
  /** Whether the owners of the tenant get a mail for each file; they do not by default. */
  sendCompletionEmail?: boolean;
  /** Is told what may surprise; `console.warn` by default. What it throws is dropped. */
  onWarning?: (message: string) => unknown;
}

/** What became of a user. */
export interface ImportResult<Imported = ImportedUser> {
  /** The place in `users`, from 0. */
  row: number;
  user: Imported;
  /** `"skipped"` if an earlier run with the same journal imported it. */
  status: "ok" | "failed" | "unknown" | "skipped";
  /** Why the server refused it, or the row that may be this one. */
  errors?: GetJobImportUserError[];
  /** Why its file was not taken, or why its outcome is unknown. */
  error?: unknown;
}
