// Properties of objects, whatever a program may have added to `Object.prototype`.

/** An object whose properties are not known. */
export type UnknownRecord = Record<string, unknown>;

/** Makes an object without a prototype, which has the given properties and no others. */
export function record<T extends object>(properties: T): T {
  return { __proto__: null, ...properties };
}

/** Splits text at its spaces. */
export const split = (text = ""): string[] => text.split(" ").filter(Boolean);

/** Defines properties. An assignment would call, or be refused by, what `Object.prototype` may have of the name. */
export function define<T extends object, P extends object>(target: T, properties: P, enumerable = true): T & P {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(
      target,
      name,
      record({ value: value as unknown, configurable: true, writable: true, enumerable }),
    );
  }
  return target as T & P;
}

/** Defines properties that can be read, but do not show up in logs. */
export function defineHidden(target: object, properties: object): void {
  define(target, properties, false);
}

/** Reads a property of the object itself, not one that `Object.prototype` has. */
export function own<T extends object, Name extends keyof T>(object: T, name: Name): T[Name];
export function own<T extends object, Name extends keyof T>(
  object: T | null | undefined,
  name: Name,
): T[Name] | undefined;
export function own(object: unknown, name: string): unknown;
export function own(object: unknown, name: string): unknown {
  return object != null && Object.hasOwn(object, name) ? (object as UnknownRecord)[name] : undefined;
}

/** Returns whether a value is an object, and not an array. */
export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The global values by which engines are told apart. */
interface Globals {
  Bun: { version: string };
  Deno: { version: { deno: string } };
  document: object;
  location: { href: string };
  navigator: { userAgent?: string };
  process: {
    versions?: { node?: string };
    getBuiltinModule?(name: "fs"): { createReadStream(path: string): unknown };
    getBuiltinModule?(name: "util"): { transferableAbortController?(): AbortController };
  };
  window: object;
}

/** Reads a global value. The global object inherits from `Object.prototype`, which holds none. */
export function globalValue<Name extends keyof Globals>(name: Name): Globals[Name] | undefined {
  const value = (globalThis as Partial<Globals>)[name];
  return value === (Object.prototype as Partial<Globals>)[name] ? undefined : value;
}
