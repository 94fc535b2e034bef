export { createTenant } from "../testing/tenant.ts";
