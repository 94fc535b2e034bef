// What became of what was asked for, told where a screen reader hears it: successes politely, failures at once.
import { Button } from "./ui";
import { watched } from "./watched";
import { explain, isUnknown } from "./words";

interface Action {
  label: string;
  run: () => unknown;
}

interface Notice {
  id: number;
  kind: "success" | "error";
  text: string;
  detail?: string | undefined;
  actions: Action[];
}

const MOST = 3;
const SHOWN_MS = 8000;

let notices: readonly Notice[] = [];
let last = 0;
const { use, changed } = watched(() => notices);

function change(next: readonly Notice[]): void {
  notices = next;
  changed();
}

function dismiss(id: number): void {
  change(notices.filter((notice) => notice.id !== id));
}

function add(notice: Omit<Notice, "id">): void {
  const id = ++last;
  change([...notices, { ...notice, id }].slice(-MOST));
  // What can be undone stays until it is dismissed, and so does what went wrong.
  if (notice.kind === "success" && notice.actions.length === 0) setTimeout(() => dismiss(id), SHOWN_MS);
}

export function tell(text: string, undo?: () => unknown): void {
  add({ kind: "success", text, actions: undo ? [{ label: "Undo", run: undo }] : [] });
}

/** `of` names what failed, where it was one of several. */
export function tellFailure(error: unknown, then?: () => unknown, of?: string): void {
  const { what, remedy, detail } = explain(error);
  const check = async () => {
    if (!isUnknown(error)) return;
    try {
      const { outcome } = await error.verify();
      if (outcome === "done") tell("It was done.");
      else if (outcome === "not_done") tell("It was not done. You can try again.");
      else tell("The tenant cannot tell. Look at the user before you try again.");
      then?.();
    } catch (failure) {
      tellFailure(failure);
    }
  };
  const actions = isUnknown(error) ? [{ label: "Check what became of it", run: check }] : [];
  add({ kind: "error", text: `${of ? `${of}: ` : ""}${what} ${remedy}`, detail, actions });
}

export function Notices() {
  const shown = use();
  const of = (kind: Notice["kind"]) =>
    shown
      .filter((notice) => notice.kind === kind)
      .map(({ id, text, detail, actions }) => (
        <div key={id} class={`notice ${kind}`}>
          <div>
            <p>{text}</p>
            {detail && <p class="faint">{detail}</p>}
          </div>
          {actions.map(({ label, run }) => (
            <Button
              key={label}
              onClick={() => {
                dismiss(id);
                void run();
              }}
            >
              {label}
            </Button>
          ))}
          <Button kind="icon" label="Dismiss" onClick={() => dismiss(id)}>
            ✕
          </Button>
        </div>
      ));
  return (
    <div class="notices">
      <div role="status">{of("success")}</div>
      <div role="alert">{of("error")}</div>
    </div>
  );
}
