// How metadata change: the API merges on the first level only, null takes a key away, and {} takes all of them.

export type Metadata = Record<string, unknown>;

/** What has to be sent to come from one state to the other; undefined where nothing has. */
export function patchOf(before: Metadata, after: Metadata): Metadata | undefined {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => !isSame(before[key], after[key]));
  if (changed.length === 0) return undefined;
  if (Object.keys(after).length === 0) return {};
  return Object.fromEntries(changed.map((key) => [key, key in after ? after[key] : null]));
}

/** What the server makes of a patch. */
export function merged(before: Metadata, patch: Metadata): Metadata {
  if (Object.keys(patch).length === 0) return {};
  return Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null));
}

/** What leads back. A nested object is replaced whole both ways, so nothing of it stays behind. */
export function inverseOf(before: Metadata, patch: Metadata): Metadata {
  if (Object.keys(patch).length === 0) return before;
  return Object.fromEntries(Object.keys(patch).map((key) => [key, before[key] ?? null]));
}

/** In words, what each key of a patch does. */
export function effectsOf(before: Metadata, patch: Metadata): string[] {
  if (Object.keys(patch).length === 0) return ["{} clears all keys at once."];
  return Object.entries(patch).map(([key, value]) => {
    if (value === null) return `null removes “${key}”.`;
    if (!(key in before)) return `“${key}” is added.`;
    const nested = typeof value === "object";
    return nested ? `“${key}” is replaced whole: the API merges the first level only.` : `“${key}” is replaced.`;
  });
}

/** Reads what was typed. */
export function parseMetadata(text: string): { value: Metadata } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text.trim() || "{}");
  } catch (error) {
    return { fault: `This is not JSON: ${(error as Error).message}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { fault: 'Metadata must be an object, such as { "theme": "dark" }.' };
  }
  const odd = Object.keys(value).find((key) => /[.$]/.test(key));
  if (odd !== undefined) return { fault: `“${odd}” has a dot or a dollar sign, which no key may have.` };
  // As the API reads it: null takes the key away.
  return { value: Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null)) };
}

export const pretty = (value: unknown) => JSON.stringify(value, null, 2);

function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** The same text for the same value, in whichever order its keys are. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
