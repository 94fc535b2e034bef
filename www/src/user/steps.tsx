// A change of several steps: what it would do, before it is done, and then what became of each step.
import type { Step, StepReport } from "auth0-users/admin";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { OperationName } from "../api";
import { tellFailure } from "../notices";
import { Badge, Button, Dialog, useAct, Why } from "../ui";

interface Props<Report extends StepReport> {
  title: string;
  /** What its button says. */
  action: string;
  needs: readonly OperationName[];
  /** The change, or what it would do; a new one is planned anew. */
  run: (how: { dryRun: boolean; onProgress?: (step: Step) => void }) => Promise<Report>;
  /** What the choices are that `run` depends on. */
  choices?: unknown;
  nameOf: (step: string) => string;
  /** Told each report of what was done. */
  onDone: (report: Report) => unknown;
  onClose: () => void;
  /** What else there is to say about a plan, or about what was done. */
  children: (report: Report) => ComponentChildren;
}

const STATES: Record<Step["status"], [text: string, kind: "plain" | "good" | "bad"]> = {
  planned: ["To do", "plain"],
  ok: ["Done", "good"],
  failed: ["Failed", "bad"],
  unknown: ["Unknown", "bad"],
  skipped: ["Not needed", "plain"],
};

export function StepsDialog<Report extends StepReport>({
  title,
  action,
  needs,
  run,
  choices,
  nameOf,
  onDone,
  onClose,
  children,
}: Props<Report>) {
  const [report, setReport] = useState<Report>();
  const [settled, setSettled] = useState<readonly Step[]>([]);
  const { busy, act } = useAct();
  const isClosed = useRef(false);
  useEffect(() => {
    return () => {
      isClosed.current = true;
    };
  }, []);
  useEffect(() => {
    let isCurrent = true;
    run({ dryRun: true }).then(
      (plan) => isCurrent && setReport(plan),
      (error) => isCurrent && void act(() => Promise.reject(error)).then(onClose),
    );
    return () => {
      isCurrent = false;
    };
  }, [choices]);

  const go = () =>
    act(async () => {
      setSettled([]);
      const done = await run({ dryRun: false, onProgress: (step) => setSettled((before) => [...before, step]) });
      setReport(done);
      onDone(done);
      // The dialog would have shown it.
      const failed = isClosed.current ? done.steps.filter(({ error }) => error) : [];
      for (const { name, error } of failed) tellFailure(error, undefined, nameOf(name));
    });

  const planned = report?.steps ?? [];
  const latest = (step: Step) => settled.findLast(({ name }) => name === step.name) ?? step;
  const steps = busy ? planned.map(latest) : planned;
  const isOver = report?.dryRun === false && report.ok;
  const isEmpty = report?.dryRun === true && report.steps.every(({ status }) => status === "skipped");
  return (
    <Dialog title={title} onClose={onClose}>
      {report ? children(report) : <p class="faint">Looking what there is to do…</p>}
      <ol class="items" aria-label="Steps" aria-busy={busy}>
        {steps.map((step) => (
          <li key={step.name}>
            <div>
              {nameOf(step.name)}
              {step.reason && <p class="faint">{step.reason}</p>}
              {step.error !== undefined && <Why error={step.error} />}
            </div>
            <Badge kind={STATES[step.status][1]}>{STATES[step.status][0]}</Badge>
          </li>
        ))}
      </ol>
      <p role="status" class="unseen">
        {report?.dryRun === false && !busy && (report.ok ? "All steps are done." : "Not all steps are done.")}
      </p>
      <footer>
        <Button kind={isOver || isEmpty ? "main" : "plain"} onClick={onClose}>
          {report?.dryRun === false || isEmpty ? "Close" : "Cancel"}
        </Button>
        {!isOver && !isEmpty && (
          <Button kind="danger" needs={needs} busy={busy} disabled={!report} onClick={go}>
            {report?.dryRun === false ? "Try again" : action}
          </Button>
        )}
      </footer>
    </Dialog>
  );
}
