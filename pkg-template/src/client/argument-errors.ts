// Errors of arguments, which are refused before anything is sent.

import { line } from "./error-details.ts";
import { define, defineHidden } from "./objects.ts";

/** Errors of arguments that name no method yet. */
const unlocated = new WeakSet<TypeError>();

/** Makes the error of an argument, with a text that names it and the remedy. */
export function invalidArgument(message: string): TypeError {
  const error = define(new TypeError(line(message, 1_000)), { code: "invalid_argument" });
  unlocated.add(error);
  return error;
}

/** Refuses an argument, with a text that names it and the remedy. */
export function check(condition: unknown, message: string): asserts condition {
  if (!condition) throw invalidArgument(message);
}

/** Says in an error of an argument which method got it, and where that was called. Other values stay as they are. */
export function locate(error: unknown, operation: string | undefined, callSite: unknown): unknown {
  // Only errors of this file are in the set; of others nothing may be read.
  if (callSite && unlocated.delete(error as TypeError)) {
    const own = error as TypeError;
    if (operation) defineHidden(own, { message: `${operation}: ${own.message}` });
    setStack(own, callSite);
  }
  return error;
}

/** The frames of this package between an error made for the stack and the program: `call` and the method. */
const OWN_FRAMES = 2;

/** Gives an error a stack whose first line is the program's. */
export function setStack(error: Error, callSite: unknown): void {
  try {
    // `Error.prepareStackTrace` of a program may make anything of a stack, or throw.
    const { stack } = callSite as { stack: unknown };
    const frames = typeof stack === "string" ? stack.split("\n") : [];
    const program = frames.slice(frames[0]?.startsWith("Error") ? OWN_FRAMES + 1 : OWN_FRAMES);
    defineHidden(error, { stack: [`${error.name}: ${error.message}`, ...program].join("\n") });
  } catch {}
}
