// With the types of the DOM the fetch of a tenant has those of the global one. Compiled, never run.
import { createTenant } from "auth0-users/testing";

const tenant = createTenant();
const response: Response = await tenant.fetch(new URL("https://tenant.test"), { method: "POST" });
const type: string | null = response.headers.get("content-type");
globalThis.fetch = tenant.fetch;

// @ts-expect-error A number is nothing to fetch.
tenant.fetch(type?.length);
