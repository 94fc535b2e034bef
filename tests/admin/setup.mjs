// A client with a tenant in memory behind it.
import { ManagementClient } from "auth0-users";
import { withAdmin } from "auth0-users/admin";
import { createTenant } from "auth0-users/testing";

/** The tenant, and a client of it. */
export function start(tenantOptions, clientOptions) {
  const tenant = createTenant(tenantOptions);
  const { url: baseUrl, token, fetch } = tenant;
  return { tenant, client: withAdmin(new ManagementClient({ baseUrl, token, fetch, ...clientOptions })) };
}
