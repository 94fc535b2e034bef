// Finds out whether a change was made that a call left open.

import type { ManagementErrorCode } from "../types/errors.ts";
import type { RawResponse } from "../types/responses.ts";
import { isManagementError } from "./brand.ts";
import { notDone, openCalls, type ManagementError } from "./errors.ts";
import { record, type UnknownRecord } from "./objects.ts";
import type { OperationName } from "./operations.ts";
import { CHECKS, NOT_DONE, type Lookup, type Proof } from "./outcome-checks.ts";
import type { Answer } from "./responses.ts";

/** So long after an attempt, nothing more comes of it; so much two clocks may differ. In milliseconds. */
const MARGIN = 120_000;
/** So much later than the `Date` of an answer a time may be that its body tells. */
const SLACK = 5_000;

/** Counts milliseconds, by a clock that is never set where there is one. */
const ticks = (): number => (globalThis as { performance?: Performance }).performance?.now() ?? Date.now();

/**
 * The answer of a call, whose error can find out what became of it; or what it would have given, where the caller wants
 * that looked up.
 */
export function settled<T>(
  answer: Promise<Answer<T>>,
  client: () => Lookup,
  name?: OperationName,
  ids: readonly unknown[] = [],
): Promise<Answer<T>> {
  const startedAt = Date.now();
  const began = ticks();

  function isSince(time: string | undefined, { headers }: RawResponse): boolean | undefined {
    const [at, now] = [Date.parse(time ?? ""), Date.parse(headers.get("date") ?? "")];
    const start = now - (ticks() - began);
    if (at >= start && at <= now + SLACK) return true;
    // A Date may be wrong too.
    return at <= Math.min(start, startedAt) - MARGIN ? false : undefined;
  }

  return answer.catch(async (error: unknown) => {
    const open = isManagementError(error) ? openCalls.get(error) : undefined;
    if (!open) throw error;
    const endedAt = ticks();
    const { body = "null", onUnknown, signal, untilMs, ownHeaders: headers, code } = open;
    async function look(limits?: object): Promise<Proof> {
      // Nothing is found of what the API may still do.
      const isOver = code || ticks() - endedAt >= MARGIN;
      const options = { headers, ...limits };
      const check = name && CHECKS[name];
      if (!check) return undefined;
      const sent = record({ ...(JSON.parse(body) as UnknownRecord | null) });
      const proof = await check(client(), sent, { isSince, options }, ids);
      return proof === NOT_DONE && !isOver ? undefined : proof;
    }
    open.verify = () => look();
    if (onUnknown !== "reconcile") throw error;
    const limits = {
      abortSignal: signal,
      deadlineInSeconds: Number.isFinite(untilMs) ? (untilMs - Date.now()) / 1_000 : undefined,
    };
    // What cannot be looked up now is as open as before.
    const proof = await look(limits).catch(() => undefined);
    if (proof?.outcome === "done") {
      return { data: proof.data as T, rawResponse: (error as ManagementError).rawResponse as RawResponse };
    }
    if (signal?.aborted) throw signal.reason;
    throw proof ? notDone(error as ManagementError, code as ManagementErrorCode) : error;
  });
}
