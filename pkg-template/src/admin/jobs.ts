// Waiting for what the server works on.

import { check, checked, checkOptions, define, isText, own } from "./check.ts";
import { pause } from "./pause.ts";
import { tell } from "./tell.ts";

/** Refuses what is wrong before there is a job. Returns the options that were given. */
export function checkJobOptions(given, known) {
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

/** Returns an answer that is a job; throws for any other, which says nothing about one. */
export const checkedJob = (answer, operation) =>
  checked(isText(own(answer, "id")) && isText(own(answer, "status")), answer, operation, "a job");

/** Asks for a job until it is over, twice as seldom each time, up to eight times as seldom as at first. */
export async function finished(client, job, { pollSeconds = 1, abortSignal, onProgress }) {
  for (let turn = 0; own(job, "status") === "pending" || job.status === "processing"; turn += 1) {
    await pause(Math.min(2 ** turn, 8) * pollSeconds * 1_000, abortSignal);
    job = checkedJob(await client.jobs.get(job.id, { abortSignal }), "jobs.get");
    tell(onProgress, job);
  }
  return job;
}

/** The error of a job that ended otherwise than asked for. */
export function jobError(job, message) {
  return define(new Error(`${message}: ${own(job, "status_details") ?? job.status}`), {
    code: "job_failed",
    job,
  });
}
