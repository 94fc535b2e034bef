// A tenant in the browser: the pages in its scope need no server for the API, or any network.
import { createTenant } from "/pkg/testing.js";

const tenant = createTenant({ users: [{ email: "ada@example.com" }, { email: "bob@example.com" }] });

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (new URL(event.request.url).hostname === tenant.domain) event.respondWith(tenant.fetch(event.request));
});
