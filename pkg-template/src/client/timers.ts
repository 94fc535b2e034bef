/** Settles as the work does, or rejects with the error when it takes longer. */
export function within<T>(ms: number, work: Promise<T>, error?: unknown): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, ms, error)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
