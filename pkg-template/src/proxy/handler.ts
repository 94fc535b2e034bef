// The function that answers requests, in the types of the runtime that the program has.

/** The type of a global class, where the program has one. */
type Instance<Name extends string, Otherwise> =
  typeof globalThis extends Record<Name, { prototype: infer Type }> ? Type : Otherwise;

/** The `Request` of the runtime. */
export type ProxyRequest = Instance<
  "Request",
  { readonly method: string; readonly url: string; readonly headers: { get(name: string): string | null } }
>;

/** The `Response` of the runtime. */
export type ProxyResponse = Instance<
  "Response",
  { readonly status: number; readonly headers: { get(name: string): string | null }; text(): Promise<string> }
>;

/** Answers a request below `basePath`. The promise never rejects: every failure is an answer in the API's error form. */
export type ProxyHandler = (request: ProxyRequest) => Promise<ProxyResponse>;
