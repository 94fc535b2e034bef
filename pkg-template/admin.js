export { bulk } from "./admin/bulk.js";
export { withAdmin } from "./admin/client.js";
export { ndjson } from "./admin/ndjson.js";
