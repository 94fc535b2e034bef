import { useEffect, useReducer } from "preact/hooks";
import { client, watchLimit } from "../api";

/** How often the clock of a pause is looked at; what an answer tells shows at once. */
const LOOK_MS = 500;

/** What the tenant still takes, as its answers tell. */
export function Budget() {
  const [, look] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => look(0), LOOK_MS);
    const end = watchLimit(() => look(0));
    return () => {
      clearInterval(timer);
      end();
    };
  }, []);
  const { limit, remaining, pausedUntil, inFlight, queued } = client.rateLimit;
  const pause = Math.ceil(((pausedUntil ?? 0) - Date.now()) / 1000);
  return (
    <dl class="budget">
      <div>
        <dt>Requests left</dt>
        <dd>{limit === undefined ? "not told" : `${Math.max(0, remaining ?? 0)} of ${limit}`}</dd>
      </div>
      <div>
        <dt>Under way</dt>
        <dd>{inFlight}</dd>
      </div>
      <div>
        <dt>Waiting for their turn</dt>
        <dd>{queued}</dd>
      </div>
      {pause > 0 && (
        <div>
          <dt>Tenant asks to wait</dt>
          <dd>{pause} s</dd>
        </div>
      )}
    </dl>
  );
}
