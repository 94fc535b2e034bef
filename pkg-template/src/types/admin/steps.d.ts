/** What became of one step of a method that makes several calls. */
export interface Step<Name extends string = string> {
  readonly name: Name;
  /**
   * `ok` and `failed` are known; a step is `unknown` if it may or may not have been carried out: its error is an
   * `OutcomeUnknownError`, whose `verify()` checks. `planned` only in a dry run.
   */
  readonly status: "ok" | "failed" | "unknown" | "skipped" | "planned";
  /** Why it failed or is unknown: a `ManagementError`. */
  readonly error?: unknown;
  /** Why it was skipped. */
  readonly reason?: string;
}

/**
 * What a method of several calls did, in order. A step that fails does not make the method reject: look at `ok`. To go on
 * after a failure, call the method again with the same arguments; what is done already is then skipped, or does no harm.
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
  /** Told each step when it is settled. What it throws is dropped. */
  onProgress?: (step: Step<Name>) => unknown;
}
