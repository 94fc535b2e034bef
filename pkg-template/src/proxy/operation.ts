// The operation that a request asks for, as the module recognises it.

import type { OperationName } from "auth0-users";

import { judge } from "../wasm/proxy/glue.js";
import { Refusal } from "./refusal.ts";

/** An operation, with what a request gives for it. */
export interface Operation {
  name: OperationName;
  /** The identifiers in the path. */
  ids: [name: string, id: string][];
  /** The query parameters; null for one that was not given. */
  query: [name: string, value: string | null][];
  /** What kind of input it takes. */
  kind: "" | "query" | "body" | "optional body" | "items" | "form";
  /** The key of the items, if it is a list; else empty. */
  items: string;
}

/** The form in which the module refuses something. */
type Refused = [status: number, errorCode: string, message: string];

type Recognised = [
  refused: Refused | undefined,
  name: Operation["name"],
  ids: Operation["ids"],
  query: Operation["query"],
  kind: Operation["kind"],
  items: string,
];

/** Recognises the operation of a request. A refusal without an operation is that there is none. */
export function recognise(
  method: string,
  path: string,
  allowed: string,
): { operation: Operation; refusal: Refusal | undefined } | { operation: undefined; refusal: Refusal } {
  const answer = judge(method, path, allowed) as [Refused] | Recognised;
  if (answer.length === 1) return { operation: undefined, refusal: new Refusal(...answer[0]) };
  const [refused, name, ids, query, kind, items] = answer;
  return { operation: { name, ids, query, kind, items }, refusal: refusalOf(refused) };
}

/** Returns the refusal that the module has found; undefined if it has none. */
export function refusalOf(found: unknown): Refusal | undefined {
  return found ? new Refusal(...(found as Refused)) : undefined;
}
