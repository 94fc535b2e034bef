// Finds the operation of a request, with the module.

import type { OperationName } from "auth0-users";

import { checkRequest } from "../wasm/proxy/glue.js";
import { Refusal } from "./refusal.ts";

/** An operation, with the parameters of a request. */
export interface Operation {
  name: OperationName;
  /** The identifiers in the path. */
  ids: [name: string, id: string][];
  /** The query parameters; null for an absent one. */
  query: [name: string, value: string | null][];
  /** The kind of input. */
  kind: "" | "query" | "body" | "optional body" | "items" | "form";
  /** The key of the items of a list; empty for other operations. */
  items: string;
}

/** A refusal of the module. */
type Refused = [status: number, errorCode: string, message: string];

type Recognised = [
  refused: Refused | undefined,
  name: Operation["name"],
  ids: Operation["ids"],
  query: Operation["query"],
  kind: Operation["kind"],
  items: string,
];

/** Finds the operation of a request, and checks the rules. `operation` is undefined if none matches. */
export function recognise(
  method: string,
  path: string,
  allowed: string,
): { operation: Operation; refusal: Refusal | undefined } | { operation: undefined; refusal: Refusal } {
  const answer = checkRequest(method, path, allowed) as [Refused] | Recognised;
  if (answer.length === 1) return { operation: undefined, refusal: new Refusal(...answer[0]) };
  const [refused, name, ids, query, kind, items] = answer;
  return { operation: { name, ids, query, kind, items }, refusal: refusalOf(refused) };
}

/** Converts a refusal of the module; undefined stays undefined. */
export function refusalOf(found: unknown): Refusal | undefined {
  return found ? new Refusal(...(found as Refused)) : undefined;
}
