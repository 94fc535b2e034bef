// The type of the proxy, in terms of the Request and Response of the runtime.

/** The instance type of a global class, if the program declares it. */
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

/**
 * Answers a request below `basePath`. The promise never rejects: every failure is a response in the API's error format.
 */
export type ProxyHandler = (request: ProxyRequest) => Promise<ProxyResponse>;
