/** The result of a flight, and whether the caller has begun it. */
interface Joined<T> {
  result: Promise<T>;
  isFirst: boolean;
}

/** Runs one piece of work at a time, for all that want it while it is under way. It is aborted when none of them waits. */
export function singleFlight<Given extends unknown[], T>(
  work: (signal: AbortSignal, ...given: Given) => Promise<T>,
): (signal: AbortSignal, ...given: Given) => Joined<T> {
  let current: { waiting: number; controller: AbortController; result: Promise<T> } | undefined;

  function begin(given: Given) {
    const controller = new AbortController();
    const end = () => {
      if (current?.controller === controller) current = undefined;
    };
    controller.signal.addEventListener("abort", end);
    const result = work(controller.signal, ...given).finally(end);
    return { waiting: 0, controller, result };
  }

  return (signal, ...given) => {
    const isFirst = !current;
    const joined = (current ??= begin(given));
    joined.waiting++;
    signal.addEventListener("abort", () => --joined.waiting || joined.controller.abort(signal.reason));
    return { result: joined.result, isFirst };
  };
}
