/** Calls an observer with an event. Ignores what the observer throws, or what its promise rejects with. */
export function emit<Event>(observer: ((event: Event) => unknown) | null | undefined, event: Event): void {
  void (async () => {
    try {
      await observer?.(event);
    } catch {}
  })();
}
