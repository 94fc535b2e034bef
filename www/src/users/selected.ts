// Who is selected, by id with their names. It stays so while their operator looks at one of them.
import { useSyncExternalStore } from "preact/compat";

let selected: ReadonlyMap<string, string> = new Map();
const watchers = new Set<() => void>();

export function select(next: ReadonlyMap<string, string>): void {
  selected = next;
  watchers.forEach((watch) => watch());
}

/** For a user who is gone. */
export function unselect(id: string): void {
  if (selected.has(id)) select(new Map([...selected].filter(([own]) => own !== id)));
}

function subscribe(watch: () => void): () => void {
  watchers.add(watch);
  return () => watchers.delete(watch);
}

export const useSelected = () => useSyncExternalStore(subscribe, () => selected);
