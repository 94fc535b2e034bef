export { ResultLimitError } from "../admin/all.ts";
export { bulk } from "../admin/bulk.ts";
export { withAdmin } from "../admin/client.ts";
export { exportUsers } from "../admin/export.ts";
export { importUsers } from "../admin/import.ts";
export { ndjson } from "../admin/ndjson.ts";
export { AmbiguousUserError } from "../admin/find.ts";
export { MetadataConflictError } from "../admin/metadata.ts";
export { and, contains, eq, exists, not, or, parseQuery, prefix, q, range } from "../admin/search.ts";
