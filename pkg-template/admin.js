export { withAdmin } from "./admin/client.js";
