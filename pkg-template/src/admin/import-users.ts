import type { GetJobImportUserError, ImportedUser, ManagementClient, Metadata } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { record } from "../client/objects.ts";
import { unlessAborted } from "../client/signals.ts";
import { untilDeadline } from "./runs/deadline.ts";
import { type BulkJournal, Journal } from "./runs/journal.ts";
import { pool } from "./runs/pool.ts";
import { checkClient, checkSource, isText, named } from "./shared/checks.ts";
import { emit } from "./shared/emit.ts";
import { filesOf, type ImportFile, isStatus } from "./transfer/files.ts";
import { Importer } from "./transfer/importer.ts";
import { checkJobOptions, type JobOptions } from "./transfer/jobs.ts";
import type { RowResult } from "./transfer/rows.ts";

export interface ImportUsersOptions extends JobOptions {
  /** The id of the connection, such as `con_123`. */
  connection: string;
  /** Whether users with an email that exists already are changed; they are refused by default. */
  upsert?: boolean;
  /** Your own name for the jobs. */
  externalId?: string;
  /** Keeps which files were sent and how their rows ended; it belongs to one connection. See {@link BulkJournal}. */
  journal?: BulkJournal;
  /** Whether to send again the rows that an earlier run left unknown; `false` by default. */
  retryUnknown?: boolean;
  /** Whether the owners of the tenant get an email for each file; they do not by default. */
  sendCompletionEmail?: boolean;
  /** Called with warnings; `console.warn` by default. Errors that it throws are ignored. */
  onWarning?: (message: string) => unknown;
}

/** The result of one user. */
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

/**
 * Imports users into a database connection, however many there are, and yields the result of each: cuts them into files
 * of at most 500 kB, has the server work on two of them at once (`POST /jobs/users-imports`, `GET /jobs/{id}` and
 * `GET /jobs/{id}/errors`, scope `create:users`), and says for each row of `users` whether it was imported.
 *
 * `upsert` replaces the metadata of users that exist, and does not merge them; `onWarning` is called with a warning.
 *
 * A row is `"ok"` only if the counts of the job fit and no refused user may be this row: where the server echoes a refused
 * user so that two rows fit, both are `"unknown"`. So are the rows of a file whose outcome is unknown; the other files continue.
 *
 * With a `journal`, a run that ended early, or was killed, is resumed by the next run with the same `users` in the same
 * order: rows that were imported are `"skipped"`, jobs that were started are looked up, and rows that failed or were not
 * sent are imported. Leaving the loop, `abortSignal` and the deadline withdraw files that wait to be sent; their rows have
 * no result.
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
export function importUsers(
  client: ManagementClient,
  users: Iterable<ImportedUser> | AsyncIterable<ImportedUser>,
  options: ImportUsersOptions,
): AsyncGenerator<ImportResult, void, undefined> {
  return named("importUsers", () => run(client, users, options));
}

/** The server works on two jobs at once. */
const JOBS = 2;

function readOptions(given: ImportUsersOptions): ImportUsersOptions {
  const names = ["externalId", "journal", "onWarning", "retryUnknown", "sendCompletionEmail", "upsert"];
  const options = checkJobOptions(given, names);
  check(isText(options.connection), "connection must be the id of a connection, such as con_123");
  const { upsert = false, onWarning = console.warn } = options;
  check(typeof upsert === "boolean", "upsert must be true or false");
  check(typeof onWarning === "function", "onWarning must be a function");
  if (upsert) emit(onWarning, "auth0-users: upsert replaces the metadata of users that exist; it does not merge them");
  return options;
}

async function* run(
  client: ManagementClient,
  users: Iterable<ImportedUser> | AsyncIterable<ImportedUser>,
  given: ImportUsersOptions,
): AsyncGenerator<ImportResult, void, undefined> {
  checkClient(client);
  checkSource("users", users);
  yield* untilDeadline("importUsers", readOptions(given), (options) => results(client, users, options));
}

async function* results(
  client: ManagementClient,
  users: Iterable<ImportedUser> | AsyncIterable<ImportedUser>,
  options: Omit<ImportUsersOptions, "deadlineInSeconds">,
): AsyncGenerator<ImportResult, void, undefined> {
  const { abortSignal: signal, connection, upsert, retryUnknown } = options;
  const name = `importUsers ${connection}${upsert ? " upsert" : ""}`;
  const journal = await unlessAborted(signal, Journal.open(options.journal, name, isStatus));
  const importer = new Importer(client, journal, options);
  const work = async (file: ImportFile, give: (results: RowResult[]) => void) => give(await importer.import(file));
  const files = filesOf(users, journal, retryUnknown);
  try {
    for await (const results of pool(files, JOBS, work, record({ signal, stop: () => importer.stop() }))) {
      for (const { row, ...result } of results) yield { row: row.row, user: row.user, ...result };
    }
  } finally {
    importer.end();
  }
}
