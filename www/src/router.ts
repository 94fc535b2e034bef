// Which view the address names. Every view has an address of its own, so it can be shared, reloaded and gone back to.
import { useSyncExternalStore } from "preact/compat";

const watchers = new Set<() => void>();
let moved: "back" | "on" | undefined;

function move(how: "back" | "on"): void {
  moved = how;
  watchers.forEach((watch) => watch());
}

addEventListener("popstate", () => move("back"));

/** A view that is new since the page was loaded takes the focus to its heading; one gone back to is seen where it was. */
export function focusHeading(heading: HTMLElement | null): void {
  if (moved) heading?.focus({ preventScroll: moved === "back" });
}

function subscribe(watch: () => void): () => void {
  watchers.add(watch);
  return () => watchers.delete(watch);
}

/** The path and the query of the address, as one text. */
export function useAddress(): string {
  return useSyncExternalStore(subscribe, () => location.pathname + location.search);
}

export function go(address: string, { replace = false } = {}): void {
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(history.state, "", address);
  else history.pushState({ fromList: location.pathname === "/" }, "", address);
  move("on");
}

export const addressOfUser = (id: string, tab = "profile") =>
  `/users/${encodeURIComponent(id)}${tab === "profile" ? "" : `?tab=${tab}`}`;

/** For links: the browser's own ways, such as a new tab, stay. */
export function follow(event: MouseEvent): void {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!plain) return;
  event.preventDefault();
  go((event.currentTarget as HTMLAnchorElement).getAttribute("href") ?? "/");
}
