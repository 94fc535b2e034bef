// Waiting for the jobs of the server.

import type { AbortSignalLike, GetJobResponseContent, ManagementClient, RequestOptions } from "auth0-users";

import { check } from "../../client/argument-errors.ts";
import { define, own } from "../../client/objects.ts";
import { pause } from "../../client/signals.ts";
import { checkAnswer, checkOptions, isText } from "../shared/checks.ts";
import { emit } from "../shared/emit.ts";

export interface JobOptions {
  /** How long to wait before the first look at a job, in seconds; 1 by default. Each pause doubles, up to eightfold. */
  pollSeconds?: number;
  /** Called with a job after each look at it. Errors that it throws are ignored. */
  onProgress?: (job: GetJobResponseContent) => unknown;
  /** Ends everything but the job, which the server continues. */
  abortSignal?: AbortSignalLike;
  /** How long all of it may take, in seconds; then it ends with a `ManagementTimeoutError` with code `deadline`. */
  deadlineInSeconds?: number;
}

/** The properties of a job that are used here. */
export type Job = Pick<GetJobResponseContent, "id" | "status" | "location" | "summary" | "status_details">;

/** Refuses wrong options before there is a job. Returns the options that were given. */
export function checkJobOptions<Options extends JobOptions>(given: Options, known: readonly string[]): Options {
  const options = checkOptions(given, [
    "abortSignal",
    "connection",
    "deadlineInSeconds",
    "onProgress",
    "pollSeconds",
    ...known,
  ]);
  const { pollSeconds = 1 } = options;
  check(Number.isFinite(pollSeconds) && pollSeconds > 0, "pollSeconds must be a number above 0");
  return options;
}

/** Makes the options of a call that a signal ends. */
export const abortable = (abortSignal: AbortSignalLike | undefined): RequestOptions =>
  abortSignal ? { abortSignal } : {};

/** Throws for an answer that is not a job, and so says nothing about one. */
export function checkJob(answer: unknown, operation: string): void {
  checkAnswer(isText(own(answer, "id")) && isText(own(answer, "status")), answer, operation, "a job");
}

/** Looks at a job until it is over, and returns it. */
export async function finished(
  client: ManagementClient,
  started: Job,
  { pollSeconds = 1, abortSignal, onProgress }: JobOptions,
): Promise<Job> {
  let job = started;
  for (let look = 0; own(job, "status") === "pending" || job.status === "processing"; look += 1) {
    await pause(Math.min(2 ** look, 8) * pollSeconds * 1_000, abortSignal);
    const answer = await client.jobs.get(job.id, abortable(abortSignal));
    checkJob(answer, "jobs.get");
    emit(onProgress, answer);
    job = answer;
  }
  return job;
}

/** Makes the error of a job that ended otherwise than asked for. */
export function jobError(job: Pick<Job, "status" | "status_details">, message: string) {
  return define(new Error(`${message}: ${own(job, "status_details") ?? job.status}`), {
    code: "job_failed",
    job,
  });
}
