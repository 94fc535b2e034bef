// A value that is kept outside of the views.
import { useSyncExternalStore } from "preact/compat";

/** What a view calls to follow such a value, and what to call when it has changed. */
export function watched<T>(read: () => T): { use: () => T; changed: () => void } {
  const watchers = new Set<() => void>();
  const subscribe = (watch: () => void) => {
    watchers.add(watch);
    return () => watchers.delete(watch);
  };
  return {
    use: () => useSyncExternalStore(subscribe, read),
    changed: () => watchers.forEach((watch) => watch()),
  };
}
