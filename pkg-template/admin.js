export { ResultLimitError } from "./admin/all.js";
export { bulk } from "./admin/bulk.js";
export { withAdmin } from "./admin/client.js";
export { exportUsers } from "./admin/export.js";
export { importUsers } from "./admin/import.js";
export { ndjson } from "./admin/ndjson.js";
export { AmbiguousUserError } from "./admin/find.js";
export { MetadataConflictError } from "./admin/metadata.js";
export { and, contains, eq, exists, not, or, parseQuery, prefix, q, range } from "./admin/search.js";
