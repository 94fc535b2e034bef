import type { Management, ManagementClient } from "auth0-users";

import { isManagementError } from "../../client/brand.ts";
import { define, isRecord, record } from "../../client/objects.ts";
import { following, type LinkedController } from "../../client/signals.ts";
import { type BulkCallOptions, Calls } from "../runs/calls.ts";
import type { Journal } from "../runs/journal.ts";
import { type ImportFile, marksOf, refsOf } from "./files.ts";
import { abortable, checkJob, finished, type Job, jobError, type JobOptions } from "./jobs.ts";
import { resultsOf, type Row, type RowResult } from "./rows.ts";

/** How to import. */
export interface ImporterOptions extends Omit<JobOptions, "deadlineInSeconds"> {
  readonly connection: string;
  readonly upsert?: boolean;
  readonly externalId?: string;
  readonly sendCompletionEmail?: boolean;
}

/** Imports files for one run. */
export class Importer {
  readonly #calls = new Calls();
  readonly #client: ManagementClient;
  readonly #journal: Journal;
  readonly #options: ImporterOptions;
  readonly #polling: LinkedController;

  constructor(client: ManagementClient, journal: Journal, options: ImporterOptions) {
    this.#client = client;
    this.#journal = journal;
    this.#options = options;
    this.#polling = following(options.abortSignal);
  }

  /** Withdraws files that wait to be sent, and stops looking at jobs. */
  stop(): void {
    const { abortSignal: signal } = this.#options;
    if (signal?.aborted) this.#calls.abort(signal.reason);
    else this.#calls.withdraw();
    this.end();
  }

  end(): void {
    this.#polling.release();
    this.#polling.abort(this.#options.abortSignal?.reason);
  }

  /** Resolves to the results of the rows of a file: none if the run ended before it was sent. */
  async import(file: ImportFile): Promise<RowResult[]> {
    const { rows } = file;
    if (file.kind === "refused") return allOf(rows, "failed", file.error);
    if (file.kind === "started") return this.#followed(rows, { id: file.job, status: "pending" });
    if (file.kind === "file") return this.#sent(rows, file.text);
    const { status } = file;
    return status === "skipped" ? rows.map((row) => ({ row, status })) : allOf(rows, status);
  }

  /** Sends a file. */
  async #sent(rows: readonly Row[], text: string): Promise<RowResult[]> {
    const refs = refsOf(rows);
    const call = this.#calls.open(() => this.#journal.write(refs, "started"));
    let sent;
    try {
      sent = this.#calls.isStopped ? undefined : await call.run((text, options) => this.#upload(text, options), text);
      const isBegun = await call.isBegun();
      if (!sent && isBegun) await this.#journal.write(refs, "withdrawn");
    } finally {
      this.#calls.close(call);
    }
    if (!sent) return [];
    if (sent.status === "ok") {
      const job = sent.data;
      try {
        checkJob(job, "jobs.usersImports.create");
      } catch (error) {
        // Something has taken the file.
        return this.#ended(allOf(rows, "unknown", error));
      }
      await this.#journal.write(refs, `accepted:${job.id}`);
      return this.#followed(rows, job);
    }
    // A failure without an answer of the server, such as an error of the caller's own function, ends the run.
    if (sent.status === "failed" && !isManagementError(sent.error)) throw sent.error;
    return this.#ended(allOf(rows, sent.status, sent.error));
  }

  #upload(text: string, requestOptions: BulkCallOptions): Promise<Management.CreateImportUsersResponseContent> {
    const { connection, externalId, sendCompletionEmail = false, upsert } = this.#options;
    const request: Management.CreateImportUsersRequestContent = record({
      users: text,
      connection_id: connection,
      send_completion_email: sendCompletionEmail,
      ...(upsert !== undefined && { upsert }),
      ...(externalId !== undefined && { external_id: externalId }),
    });
    return this.#client.jobs.usersImports.create(request, requestOptions);
  }

  /** Waits for a job. Where that fails, the journal keeps its id for the next run. */
  async #followed(rows: readonly Row[], accepted: Job): Promise<RowResult[]> {
    const abortSignal = this.#polling.signal;
    try {
      const job = await finished(this.#client, accepted, record({ ...this.#options, abortSignal }));
      const answer = await this.#client.jobs.errors.get(job.id, abortable(abortSignal));
      const results = resultsOf(rows, job, Array.isArray(answer) ? answer : []);
      const error =
        job.status === "completed"
          ? define(new Error("the server does not say which row it refused"), { code: "unmatched_row", job })
          : jobError({ ...job, ...(isRecord(answer) && answer) }, "the import failed");
      return this.#ended(results.map((result) => (needsError(result) ? { ...result, error } : result)));
    } catch (error) {
      if (!isManagementError(error) && !abortSignal.aborted) throw error;
      return allOf(rows, "unknown", error);
    }
  }

  async #ended(results: RowResult[]): Promise<RowResult[]> {
    await this.#journal.write(marksOf(results), "ended");
    return results;
  }
}

const needsError = ({ status, errors }: RowResult) =>
  status === "unknown" || (status === "failed" && errors?.length === 0);

const allOf = (rows: readonly Row[], status: "failed" | "unknown", error?: unknown): RowResult[] =>
  rows.map((row) => ({ row, status, errors: [], error }));
