// Work that takes several calls: one after another, with a report of each.

import { isManagementError } from "auth0-users";

import { check, checkObserver, checkRecord, isRecord, own } from "./check.ts";
import { following } from "./signal.ts";
import { tell } from "./tell.ts";

/** The options of each call so that all of them together end at the one deadline. */
export function shared(options) {
  checkRecord("requestOptions", options);
  const seconds = own(options, "deadlineInSeconds");
  // What is not valid is for the client to refuse.
  if (typeof seconds !== "number" || !(seconds > 0)) return () => options;
  const end = performance.now() + seconds * 1000;
  // The client sends nothing of a call that has as good as no time left.
  return () => ({
    __proto__: null,
    ...options,
    deadlineInSeconds: Math.max((end - performance.now()) / 1000, Number.MIN_VALUE),
  });
}

/** Refuses a request that is no object or has an unknown key, since a wrong name would leave something undone. */
export function checkRequest(request, keys) {
  check(isRecord(request), "request must be an object");
  const unknown = Object.keys(request).find((key) => !keys.includes(key));
  check(unknown === undefined, `request has no ${unknown}; it may have ${keys.join(", ")}`);
  const asked = { __proto__: null, ...request };
  checkObserver("request.onProgress", asked.onProgress);
  return asked;
}

/** The steps of each report, by which a report is told from what a caller makes. */
const reported = new WeakSet();

/** The step for which the work of a report, or of several in an array, is not done: one that may have failed comes first. */
export function brokenStep(reports) {
  const stepsOf = (report) => (isRecord(report) ? Object.getOwnPropertyDescriptor(report, "steps")?.value : undefined);
  const all = [reports].flat().map(stepsOf);
  const steps = all.filter((steps) => reported.has(steps)).flat();
  return steps.find(({ status }) => status === "unknown") ?? steps.find(isBroken);
}

/**
 * Does the steps and reports what became of each. A step has a `name` and a `run`; with `reason` there is nothing to do,
 * and with `after` it is done only if each of the steps of these names is known to be done.
 */
export async function runSteps(plan, { dryRun = false, onProgress }, options) {
  const steps = [];
  const broken = (name) => steps.find((step) => step.name === name && isBroken(step));
  for (const planned of plan) {
    const { name, run, reason, after = [] } = { __proto__: null, ...planned };
    const before = after.map(broken).find(Boolean);
    let step;
    if (reason) step = { name, status: "skipped", reason };
    else if (dryRun) step = { name, status: "planned" };
    else if (before) step = { name, status: "skipped", reason: `${before.name} ${reasons[before.status]}` };
    else step = await settle(name, run, options);
    steps.push(step);
    tell(onProgress, step);
  }
  reported.add(steps);
  return { ok: !steps.some(isBroken), dryRun, steps };
}

const reasons = { failed: "failed", unknown: "may have failed" };
const isBroken = ({ status }) => Object.hasOwn(reasons, status);

async function settle(name, run, options) {
  try {
    const reason = await run();
    return typeof reason === "string" ? { name, status: "skipped", reason } : { name, status: "ok" };
  } catch (error) {
    // An aborted call rejects with the signal's reason, and so does what it is a part of.
    if (own(options, "abortSignal")?.aborted) throw error;
    const isOpen = isManagementError(error) && error.code === "outcome_unknown";
    return { name, status: isOpen ? "unknown" : "failed", error };
  }
}

/** What all of these reads give. When one fails, the others are ended: nobody waits for them any more. */
export async function together(options, reads) {
  checkRecord("requestOptions", options);
  const controller = following(own(options, "abortSignal"));
  const each = { __proto__: null, ...options, abortSignal: controller.signal };
  try {
    return await Promise.all(reads.map((read) => read(each)));
  } finally {
    controller.release();
    controller.abort();
  }
}

/** All items of a list. */
export async function everything(page) {
  const items = [];
  for await (const item of await page) items.push(item);
  return items;
}
