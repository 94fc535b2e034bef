// Text that is in the page only. Whoever leaves is asked first, and so is whoever closes the page, by the browser.
import { useLayoutEffect } from "preact/hooks";
import { Confirm } from "./confirm";
import { watched } from "./watched";

const unsaved = new Set<string>();
let going: (() => unknown) | undefined;
const { use, changed } = watched(() => going);

const hold = (event: BeforeUnloadEvent) => event.preventDefault();

function mark(what: string, isUnsaved: boolean): void {
  if (isUnsaved) unsaved.add(what);
  else unsaved.delete(what);
  if (unsaved.size > 0) addEventListener("beforeunload", hold);
  else removeEventListener("beforeunload", hold);
}

/** Has the text of that name asked about before it is lost, as long as it is unsaved. */
export function useUnsaved(what: string, isUnsaved: boolean): void {
  useLayoutEffect(() => {
    mark(what, isUnsaved);
    return () => mark(what, false);
  }, [what, isUnsaved]);
}

export const hasUnsaved = () => unsaved.size > 0;

/** For what leaves for good, and would be asked about again. */
export function dropUnsaved(): void {
  for (const what of unsaved) mark(what, false);
}

function ask(next: typeof going): void {
  going = next;
  changed();
}

/** Goes somewhere else, where text is unsaved only after it was asked whether to lose it. */
export function leave(go: () => unknown): void {
  if (hasUnsaved()) ask(go);
  else void go();
}

/** What is asked, while it is. */
export function Leaving() {
  const go = use();
  if (!go) return null;
  return (
    <Confirm
      title="Leave without saving?"
      action="Leave without saving"
      cancel="Stay"
      onConfirm={() => {
        ask(undefined);
        void go();
      }}
      onClose={() => ask(undefined)}
    >
      What you have typed is lost then: {[...unsaved].join(", ").toLowerCase()}.
    </Confirm>
  );
}
