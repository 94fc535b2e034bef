// How a change to many users goes: progress, the budget of requests, and what became of each.
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../ui";
import { Budget } from "./budget";
import { bulk, useBulk } from "./bulk-store";

export function BulkPanel() {
  const current = useBulk();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (current) heading.current?.focus();
  }, [current]);
  if (!current) return null;
  const { change, items, state } = current;
  const done = current.count("done");
  const failed = current.count("failed", "unknown");
  const canceled = current.count("canceled");
  const over = done + failed + canceled;
  const ended = state === "ended";
  const parts = [
    `${done} ${change.done}`,
    failed > 0 && `${failed} failed`,
    canceled > 0 && `${canceled} left as they were`,
  ];
  const { undo } = change;
  const succeeded = items.filter((item) => item.state === "done");
  return (
    <section class="bulk card" aria-labelledby="bulk-title">
      <div class="row">
        <h2 id="bulk-title" ref={heading} tabIndex={-1}>
          {change.verb} {items.length} {items.length === 1 ? "user" : "users"}
        </h2>
        {ended && (
          <Button kind="icon" label="Close" onClick={() => bulk.close()}>
            ✕
          </Button>
        )}
      </div>
      <progress max={items.length} value={over} aria-label="Progress" />
      <p role="status">
        {state === "paused" && "Paused. "}
        {ended && (failed + canceled === 0 ? "Done. " : "Ended. ")}
        {parts.filter(Boolean).join(", ")}
        {!ended && `, ${items.length - over} to go`}.
      </p>
      {!ended && <Budget />}
      {failed > 0 && (
        <details open={ended}>
          <summary>What failed</summary>
          <ul>
            {items
              .filter(({ state: own }) => own === "failed" || own === "unknown")
              .map(({ id, name, why }) => (
                <li key={id}>
                  <strong>{name}</strong> {why}
                </li>
              ))}
          </ul>
        </details>
      )}
      <div class="row">
        {state === "running" && current.count("waiting") > 0 && <Button onClick={() => current.pause()}>Pause</Button>}
        {state === "paused" && (
          <Button kind="main" onClick={() => current.start()}>
            Go on
          </Button>
        )}
        {!ended && current.count("waiting") > 0 && <Button onClick={() => current.cancel()}>Cancel</Button>}
        {ended && failed > 0 && (
          <Button kind="main" onClick={() => current.retryFailed()}>
            Retry the {failed} that failed
          </Button>
        )}
        {ended && canceled > 0 && <Button onClick={() => current.resumeCanceled()}>Do the {canceled} left</Button>}
        {ended && undo && done > 0 && (
          <Button onClick={() => bulk.start(undo, succeeded)}>
            Undo: {undo.verb.toLowerCase()} {done === 1 ? "it" : `these ${done}`}
          </Button>
        )}
      </div>
    </section>
  );
}
