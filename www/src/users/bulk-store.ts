// The change to many users that is under way or was the last one. It goes on while its operator looks at something else.
import { Bulk, type BulkChange, type Target } from "../bulk";
import { watched } from "../watched";

let current: Bulk | undefined;
let version = 0;
const { use, changed } = watched(() => version);
let onEnd = () => {};

function step(): void {
  version += 1;
  changed();
  if (current?.state === "ended") onEnd();
}

export const bulk = {
  get isUnderWay() {
    return current !== undefined && current.state !== "ended";
  },
  start(change: BulkChange, targets: readonly Target[]): void {
    current = new Bulk(change, targets, step);
    current.start();
  },
  close(): void {
    current = undefined;
    step();
  },
  whenEnded(tell: () => void): void {
    onEnd = tell;
  },
};

export function useBulk(): Bulk | undefined {
  use();
  return current;
}
