// Which view the address names. Every view has an address of its own, so it can be shared, reloaded and gone back to.
import { dropUnsaved, hasUnsaved, leave } from "./unsaved";
import { watched } from "./watched";

const addressNow = () => location.pathname + location.search;
const { use, changed } = watched(addressNow);
let moved: "back" | "on" | undefined;
let shown = addressNow();

function move(how: "back" | "on"): void {
  moved = how;
  shown = addressNow();
  changed();
}

const push = (address: string) => history.pushState({ fromList: location.pathname === "/" }, "", address);

addEventListener("popstate", () => {
  if (!hasUnsaved() || location.pathname === shown.split("?")[0]) return move("back");
  // The browser does not ask before it goes back: what is shown is put on top of where it went.
  push(shown);
  back();
});

export function back(): void {
  leave(() => {
    dropUnsaved();
    history.back();
  });
}

/** A view that is new since the page was loaded takes the focus to its heading; one gone back to is seen where it was. */
export function focusHeading(heading: HTMLElement | null): void {
  if (moved) heading?.focus({ preventScroll: moved === "back" });
}

/** The path and the query of the address, as one text. */
export const useAddress = use;

export function go(address: string): void {
  if (address === addressNow()) return;
  leave(() => {
    push(address);
    move("on");
  });
}

/** For another part of the same view, which stays in the page with all that was typed. */
export function turn(address: string): void {
  history.replaceState(history.state, "", address);
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
