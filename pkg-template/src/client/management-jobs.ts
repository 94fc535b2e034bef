// The types that the official SDK has in `Management.jobs`.

export type { ErrorsGetResponse } from "../types/jobs.ts";
