// Arguments that are objects, read property by property.

import { check, invalidArgument } from "./argument-errors.ts";

type Entry = [string, unknown];

/** Returns the properties of an argument that is an object or left out. */
export function entries(argument: string, value: unknown): Entry[] {
  check(value == null || (typeof value === "object" && !Array.isArray(value)), `${argument} must be an object`);
  return Object.entries(value ?? {});
}

export const isGiven = ([, value]: Entry): boolean => value !== undefined;
export const hasValue = ([, value]: Entry): boolean => value != null;

/** Makes the error of a property that is not known. */
export function unknown(name: string, of: string, known: readonly string[]): TypeError {
  return invalidArgument(`${name} is not a parameter of ${of}, which takes ${known.join(", ")}`);
}

/** Functions that check the properties of an argument, by name, and write what they mean. */
export type Readers<Options> = Record<string, (options: Options, value: unknown) => void>;

/** Reads an object of options, each with the reader of its name, into `options`, which has no prototype. */
export function read<Options>(argument: string, value: unknown, readers: Readers<Options>, options: Options): Options {
  for (const [name, option] of entries(argument, value).filter(isGiven)) {
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!reader) throw unknown(name, argument, Object.keys(readers));
    reader(options, option);
  }
  return options;
}
