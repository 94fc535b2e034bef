// Any number of users into a connection, in files that the server takes, and what became of each.

import { isManagementError } from "auth0-users";

import { Calls } from "./calls.ts";
import { check, checkClient, checkExact, checkSource, define, isRecord, isText, jsonOf, named } from "./check.ts";
import { ownOptions, untilDeadline } from "./deadline.ts";
import { checkedJob, checkJobOptions, finished, jobError } from "./jobs.ts";
import { Journal, fingerprint } from "./journal.ts";
import { pool } from "./pool.ts";
import { resultsOf } from "./rows.ts";
import { following, unlessAborted } from "./signal.ts";
import { tell } from "./tell.ts";

/** The server takes files up to 500 kB, */
const MAX_BYTES = 500_000;
/** and works on two at once. */
const JOBS = 2;

const bytesOf = (text) => new TextEncoder().encode(text).length;

function readOptions(given) {
  const names = ["externalId", "journal", "onWarning", "retryUnknown", "sendCompletionEmail", "upsert"];
  const options = checkJobOptions(given, names);
  check(isText(options.connection), "connection must be the id of a connection, such as con_123");
  const { upsert = false, onWarning = console.warn } = options;
  check(typeof upsert === "boolean", "upsert must be true or false");
  check(typeof onWarning === "function", "onWarning must be a function");
  if (upsert) tell(onWarning, "auth0-users: upsert replaces the metadata of users that exist; it does not merge them");
  return options;
}

/** How a row is marked in the line that says how its file ended. */
const MARKS = { ok: "+", failed: "-", unknown: "?" };
const isStatus = (status) => isText(status) && /^(started|unknown|withdrawn|ended|accepted:.+)$/.test(status);

/** What a journal knows of rows, by their places and contents. A line of it is about the rows of a file. */
class Known {
  #rows = new Map();
  #jobs = new Map();

  constructor(journal) {
    for (const [list, status] of journal.entries()) {
      const refs = list.split(" ");
      const [, job] = /^accepted:(.+)$/.exec(status) ?? [];
      if (job) this.#jobs.set(job, refs.length);
      for (const ref of refs) {
        if (status !== "ended") this.#rows.set(ref, job ? { job } : { status });
        else this.#rows.set(ref.slice(0, -1), { status: { "+": "ok", "-": "failed", "?": "unknown" }[ref.at(-1)] });
      }
    }
  }

  /** What became of a row: its `status`, or the `job` that says so. */
  of(ref) {
    return this.#rows.get(ref) ?? {};
  }

  /** How many rows a job has. */
  size(job) {
    return this.#jobs.get(job);
  }
}

/** Why a row cannot be imported as it is. Its integers may come from JSON.parse, as those of an export do. */
function rowError(row, text) {
  if (bytesOf(text) + 3 > MAX_BYTES) {
    return define(new RangeError(`row ${row} is larger than a file may be`), { code: "too_large" });
  }
  try {
    checkExact(`users[${row}]`, JSON.parse(text));
  } catch (error) {
    return error;
  }
}

/**
 * Rows as the files that they make, `{ rows, text }` each. Others have no text: `{ rows, error }` for one that goes in no
 * file, `{ rows, status }` and `{ rows, job }` for what an earlier run has ended or begun.
 */
async function* files(users, known, retryUnknown) {
  let file = { rows: [], parts: [], bytes: 2 };
  const written = () => ({ rows: file.rows, text: `[${file.parts.join()}]` });
  const ofJobs = new Map();
  let row = 0;
  for await (const user of users) {
    check(isRecord(user), `users: row ${row} is not an object`);
    const part = jsonOf(`users[${row}]`, user, 0);
    // What the server gets and echoes, even if the caller changes the user.
    const entry = { row, user, text: part, ref: `${row}-${fingerprint(part)}` };
    row += 1;
    const { status, job } = { __proto__: null, ...known.of(entry.ref) };
    if (job) {
      const rows = ofJobs.get(job) ?? [];
      ofJobs.set(job, rows);
      rows.push(entry);
      if (rows.length < known.size(job)) continue;
      ofJobs.delete(job);
      yield { rows, job };
      continue;
    }
    if (status === "ok") {
      yield { rows: [entry], status: "skipped" };
      continue;
    }
    if ((status === "started" || status === "unknown") && !retryUnknown) {
      yield { rows: [entry], status: "unknown" };
      continue;
    }
    const error = rowError(entry.row, part);
    if (error) {
      yield { rows: [entry], error };
      continue;
    }
    const bytes = bytesOf(part) + 1;
    if (file.bytes + bytes > MAX_BYTES) {
      yield written();
      file = { rows: [], parts: [], bytes: 2 };
    }
    file.rows.push(entry);
    file.parts.push(part);
    file.bytes += bytes;
  }
  if (file.rows.length > 0) yield written();
  // Not all rows of these jobs came again, so the others cannot be told apart from them.
  for (const rows of ofJobs.values()) yield { rows, status: "unknown" };
}

/** Imports files for one run. */
class Importer {
  #calls = new Calls();
  #client;
  #journal;
  #options;
  #polling;

  constructor(client, journal, options) {
    this.#client = client;
    this.#journal = journal;
    this.#options = options;
    this.#polling = following(options.abortSignal);
  }

  /** Withdraws files that wait to be sent, and asks for no job any more. */
  stop() {
    const { abortSignal: signal } = this.#options;
    if (signal?.aborted) this.#calls.abort(signal.reason);
    else this.#calls.withdraw();
    this.end();
  }

  end() {
    this.#polling.release();
    this.#polling.abort(this.#options.abortSignal?.reason);
  }

  /** The results of the rows of a file: none if the run ended before it was sent. */
  async import(file) {
    const { rows, error, status, job } = { __proto__: null, ...file };
    if (error) return allOf(rows, "failed", error);
    if (status === "skipped") return rows.map((row) => ({ row, status }));
    if (status) return allOf(rows, status);
    if (job) return this.#followed(rows, { id: job, status: "pending" });
    const list = rows.map(({ ref }) => ref).join(" ");
    const call = this.#calls.open(() => this.#journal.write(list, "started"));
    let sent;
    try {
      sent = this.#calls.isStopped ? undefined : await call.run((_, options) => this.#upload(file, options), file);
      const isBegun = await call.isBegun();
      if (!sent && isBegun) await this.#journal.write(list, "withdrawn");
    } finally {
      this.#calls.close(call);
    }
    if (!sent) return [];
    if (sent.status === "ok") {
      try {
        checkedJob(sent.data, "jobs.usersImports.create");
      } catch (error) {
        // Something has taken the file.
        return this.#ended(allOf(rows, "unknown", error));
      }
      await this.#journal.write(list, `accepted:${sent.data.id}`);
      return this.#followed(rows, sent.data);
    }
    // What is no answer of the server, such as an error of the caller's own function, ends the run.
    if (sent.status === "failed" && !isManagementError(sent.error)) throw sent.error;
    return this.#ended(allOf(rows, sent.status, sent.error));
  }

  #upload({ text }, requestOptions) {
    const { connection, externalId, sendCompletionEmail = false, upsert } = this.#options;
    const request = { __proto__: null, users: text, connection_id: connection };
    request.send_completion_email = sendCompletionEmail;
    if (upsert !== undefined) request.upsert = upsert;
    if (externalId !== undefined) request.external_id = externalId;
    return this.#client.jobs.usersImports.create(request, requestOptions);
  }

  /** Waits for a job. Where that fails, the journal keeps its id for the next run. */
  async #followed(rows, accepted) {
    const options = ownOptions(this.#options, { abortSignal: this.#polling.signal });
    const { abortSignal } = options;
    try {
      const job = await finished(this.#client, accepted, options);
      const answer = await this.#client.jobs.errors.get(job.id, { abortSignal });
      const results = resultsOf(rows, job, Array.isArray(answer) ? answer : []);
      const error =
        job.status === "completed"
          ? define(new Error("the server does not say which row it refused"), { code: "unmatched_row", job })
          : jobError({ ...job, ...(isRecord(answer) && answer) }, "the import failed");
      const needsError = ({ status, errors }) => status === "unknown" || (status === "failed" && errors.length === 0);
      return this.#ended(results.map((result) => (needsError(result) ? { ...result, error } : result)));
    } catch (error) {
      if (!isManagementError(error) && !abortSignal.aborted) throw error;
      return allOf(rows, "unknown", error);
    }
  }

  async #ended(results) {
    await this.#journal.write(results.map(({ row, status }) => row.ref + MARKS[status]).join(" "), "ended");
    return results;
  }
}

const allOf = (rows, status, error) => rows.map((row) => ({ row, status, errors: [], error }));

export function importUsers(client, users, options) {
  return named("importUsers", new Error(), () => imported(client, users, options));
}

async function* imported(client, users, given) {
  checkClient(client);
  checkSource("users", users);
  yield* untilDeadline("importUsers", readOptions(given), async function* (options) {
    const { abortSignal: signal, connection, upsert, retryUnknown } = options;
    const name = `importUsers ${connection}${upsert ? " upsert" : ""}`;
    const journal = await unlessAborted(signal, Journal.open(options.journal, name, isStatus));
    const importer = new Importer(client, journal, options);
    const work = async (file, give) => give(await importer.import(file));
    const source = files(users, new Known(journal), retryUnknown);
    try {
      for await (const results of pool(source, JOBS, work, { __proto__: null, signal, stop: () => importer.stop() })) {
        for (const { row, ...result } of results) yield { row: row.row, user: row.user, ...result };
      }
    } finally {
      importer.end();
    }
  });
}
