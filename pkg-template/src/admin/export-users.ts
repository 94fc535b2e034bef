// All users from the file of an export, one by one.

import type { AbortSignalLike, Management, ManagementClient, Metadata, User } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { define, isRecord, own, record, type UnknownRecord } from "../client/objects.ts";
import { throwIfAborted } from "../client/signals.ts";
import { untilDeadline } from "./runs/deadline.ts";
import { checkClient, isText, named } from "./shared/checks.ts";
import { type Fetch, valuesAt } from "./transfer/download.ts";
import {
  abortable,
  checkJob,
  checkJobOptions,
  finished,
  type Job,
  jobError,
  type JobOptions,
} from "./transfer/jobs.ts";

/** A field under another name. */
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
  /** Reads the file; the global `fetch` by default. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Any function that is called as `fetch` is.
  fetch?: (url: string, init: any) => Promise<any>;
}

/**
 * Yields users from the file of an export, however many there are: starts a job with `POST /jobs/users-exports` (scope
 * `read:users`), looks at it until it is done with `GET /jobs/{id}`, and reads the file as it comes in. The file is on
 * another server, and gets no token; its link is valid for a minute, so a download that breaks off, or gives nothing for a
 * minute, is resumed by a new link. The run ends after three downloads in a row without a new user, or 100 in all. A file
 * proves that it is whole by its checksum (gzip), its length or `limit`; otherwise it is read twice.
 *
 * With `fields`, users have these and no others; without, those that the API exports by default. An export is a snapshot
 * of the tenant, and has no cap.
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
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Fields of other names are what the tenant says they are.
  [Field] extends [keyof User<A, U>] ? Partial<Pick<User<A, U>, Field>> : Record<string, any>,
  void,
  undefined
>;
export function exportUsers(
  client: ManagementClient,
  options?: ExportUsersOptions,
): AsyncGenerator<UnknownRecord, void, undefined> {
  return named("exportUsers", () => run(client, options));
}

/** How often in a row a download may give nothing new: its link is valid for a minute only. */
const TRIES = 3;
/** How many downloads there may be in all, each of which begins with the first user. */
const MAX_DOWNLOADS = 100;

type RunOptions = Omit<ExportUsersOptions, "fetch"> & { fetch: Fetch };

function readOptions(given: ExportUsersOptions): RunOptions {
  const options = checkJobOptions(given, ["fetch", "fields", "limit"]);
  const { connection, fields, fetch = globalThis.fetch } = options;
  check(connection === undefined || isText(connection), "connection must be the id of a connection, such as con_123");
  const isField = (field: unknown) => isText(field) || isText(own(field, "name"));
  check(fields === undefined || (Array.isArray(fields) && fields.every(isField)), "fields must be an array of names");
  check(typeof fetch === "function", "fetch must be a function");
  return record({ ...options, fetch });
}

async function* run(
  client: ManagementClient,
  given: ExportUsersOptions = {},
): AsyncGenerator<UnknownRecord, void, undefined> {
  checkClient(client);
  yield* untilDeadline("exportUsers", readOptions(given), (options) => users(client, options));
}

async function* users(
  client: ManagementClient,
  options: Omit<RunOptions, "deadlineInSeconds">,
): AsyncGenerator<UnknownRecord, void, undefined> {
  const { abortSignal: signal, fetch, limit } = options;
  let job = await finished(client, await start(client, options), options);
  let read = 0;
  let tries = 0;
  // How many users a download had that ended, where nothing proves that this was the end.
  let ended: number | undefined;
  for (let downloads = 1; ; downloads += 1) {
    const location = own(job, "location");
    if (!location) throw jobError(job, "the export has no file");
    const before = read;
    let row = 0;
    let failure: unknown;
    try {
      const file = valuesAt(location, fetch, signal);
      let next;
      try {
        for (next = await file.next(); !next.done; next = await file.next()) {
          row += 1;
          if (!isRecord(next.value)) throw notUser(row);
          if (row <= read) continue;
          read = row;
          yield next.value;
          // Users of one chunk are there already: nothing else looks at the signal between them.
          throwIfAborted(signal);
        }
      } finally {
        await file.return(false);
      }
      const isWhole = next.value || row === ended || row === limit;
      if (isWhole && row >= read) return;
      ended = row;
      failure = new Error(`the file of the export ended after ${row} users, which may not be all`);
    } catch (error) {
      if (!isTransient(error, signal)) throw error;
      failure = error;
    }
    tries = read > before ? 0 : tries + 1;
    if (tries >= TRIES || downloads === MAX_DOWNLOADS) throw failure;
    job = await client.jobs.get(job.id, abortable(signal));
  }
}

/** Starts the job of an export. */
async function start(
  client: ManagementClient,
  { abortSignal, connection, fields, limit }: Omit<RunOptions, "deadlineInSeconds">,
): Promise<Job> {
  const request: Management.CreateExportUsersRequestContent = record({
    format: "json",
    ...(connection !== undefined && { connection_id: connection }),
    ...(limit !== undefined && { limit }),
    ...(fields && { fields: fields.map((field) => (isText(field) ? { name: field } : field)) }),
  });
  const job = await client.jobs.usersExports.create(request, abortable(abortSignal));
  checkJob(job, "jobs.usersExports.create");
  return job;
}

const notUser = (row: number) =>
  define(new SyntaxError(`value ${row} in the file of the export is not an object`), { code: "invalid_line" });

/** Returns whether another download may help: not after an abort, nor where the file itself is wrong before its end. */
function isTransient(error: unknown, signal: AbortSignalLike | undefined): boolean {
  const failure = error as { code?: unknown; isCut?: unknown } | null | undefined;
  if (signal?.aborted || failure?.code === "line_too_long") return false;
  return failure?.code !== "invalid_line" || Boolean(failure.isCut);
}
