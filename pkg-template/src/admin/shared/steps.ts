// Work in several steps, one after another, with a report of each.

import type { RequestOptions } from "auth0-users";

import { isManagementError } from "../../client/brand.ts";
import { isRecord, own, record } from "../../client/objects.ts";
import { emit } from "./emit.ts";

/** One step of a method that makes several calls, and how it ended. */
export interface Step<Name extends string = string> {
  readonly name: Name;
  /**
   * `ok` and `failed` are known. A step is `unknown` if it may or may not have been applied: its error is an
   * `OutcomeUnknownError`, whose `verify()` checks. `planned` occurs only in a dry run.
   */
  readonly status: "ok" | "failed" | "unknown" | "skipped" | "planned";
  /** Why the step failed or is unknown: a `ManagementError`. */
  readonly error?: unknown;
  /** Why the step was skipped. */
  readonly reason?: string;
}

/**
 * The steps of a method that makes several calls, in order. A step that fails does not make the method reject: check `ok`.
 * To resume after a failure, call the method again with the same arguments: it skips what is done, or repeats it without
 * harm.
 */
export interface StepReport<Name extends string = string> {
  /** Whether no step failed and none is unknown. */
  readonly ok: boolean;
  readonly dryRun: boolean;
  readonly steps: readonly Step<Name>[];
}

export interface StepOptions<Name extends string = string> {
  /** Only reads, and reports the steps that would be done as `planned`. */
  dryRun?: boolean;
  /** Called with each step when it is settled. Errors that it throws are ignored. */
  onProgress?: (step: Step<Name>) => unknown;
}

/** A step to be done. */
export interface PlannedStep<Name extends string> {
  readonly name: Name;
  /** Does the step. Resolves to text if there was nothing to do: the reason. */
  readonly run?: () => unknown;
  /** Why there is nothing to do. */
  readonly reason?: string | undefined;
  /** The names of steps without which this one is not done. */
  readonly after?: readonly Name[];
}

/** The steps of each report. They distinguish a report from a caller's own object. */
const reported = new WeakSet<object>();

/** Returns the step for which the work of a report, or of several in an array, is not done; an unknown one comes first. */
export function brokenStep(reports: unknown): Step | undefined {
  const stepsOf = (report: unknown): unknown =>
    isRecord(report) ? Object.getOwnPropertyDescriptor(report, "steps")?.value : undefined;
  const steps = [reports].flat().map(stepsOf).filter(isReported).flat();
  return steps.find(({ status }) => status === "unknown") ?? steps.find(isBroken);
}

function isReported(steps: unknown): steps is readonly Step[] {
  return reported.has(steps as object);
}

/** Does the steps of a plan, in order, and reports what became of each. */
export async function runSteps<Name extends string>(
  plan: readonly PlannedStep<Name>[],
  { dryRun = false, onProgress }: StepOptions<Name>,
  options: RequestOptions | undefined,
): Promise<StepReport<Name>> {
  const steps: Step<Name>[] = [];
  const broken = (name: Name) => steps.find((step) => step.name === name && isBroken(step));
  for (const planned of plan) {
    const { name, run, reason, after = [] } = record(planned);
    const before = after.map(broken).find(Boolean);
    let step: Step<Name>;
    if (reason) step = { name, status: "skipped", reason };
    else if (dryRun) step = { name, status: "planned" };
    else if (before) step = { name, status: "skipped", reason: `${before.name} ${reasons[before.status]}` };
    else step = await settle(name, run, options);
    steps.push(step);
    emit(onProgress, step);
  }
  reported.add(steps);
  return { ok: !steps.some(isBroken), dryRun, steps };
}

/** The statuses of steps that are not done, with what a step that depends on them says. */
const reasons: { readonly [Status in Step["status"]]?: string } = { failed: "failed", unknown: "may have failed" };
const isBroken = ({ status }: Step) => Object.hasOwn(reasons, status);

async function settle<Name extends string>(
  name: Name,
  run: PlannedStep<Name>["run"],
  options: RequestOptions | undefined,
): Promise<Step<Name>> {
  try {
    const reason = await run?.();
    return typeof reason === "string" ? { name, status: "skipped", reason } : { name, status: "ok" };
  } catch (error) {
    // An aborted call rejects with the signal's reason, and so does what it is a part of.
    if (own(options, "abortSignal")?.aborted) throw error;
    const isOpen = isManagementError(error) && error.code === "outcome_unknown";
    return { name, status: isOpen ? "unknown" : "failed", error };
  }
}
