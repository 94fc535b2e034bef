// Who is selected, by id with their names. It stays so while their operator looks at one of them.
import { watched } from "../watched";

let selected: ReadonlyMap<string, string> = new Map();
const { use, changed } = watched(() => selected);

export function select(next: ReadonlyMap<string, string>): void {
  selected = next;
  changed();
}

/** For a user who is gone. */
export function unselect(id: string): void {
  if (selected.has(id)) select(new Map([...selected].filter(([own]) => own !== id)));
}

export const useSelected = use;
