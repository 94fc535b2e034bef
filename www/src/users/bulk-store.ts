// The change to many users that is under way or was the last one. It goes on while its operator looks at something else.
import { useSyncExternalStore } from "preact/compat";
import { Bulk, type BulkChange, type Target } from "../bulk";

let current: Bulk | undefined;
let version = 0;
const watchers = new Set<() => void>();
let onEnd = () => {};

function step(): void {
  version += 1;
  watchers.forEach((watch) => watch());
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

function subscribe(watch: () => void): () => void {
  watchers.add(watch);
  return () => watchers.delete(watch);
}

export function useBulk(): Bulk | undefined {
  useSyncExternalStore(subscribe, () => version);
  return current;
}
