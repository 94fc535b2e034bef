// What administrators do with users, as methods of a client.

import { check } from "./check.js";
import { find } from "./find.js";
import { hydrate } from "./hydrate.js";

/** The methods below `client.users`, by their names. Each is given the client, and what it is called with. */
const methods = { find, hydrate };

/** Gives a client these methods, and gives the client. */
export function withAdmin(client) {
  check(typeof client?.users?.get === "function", "client must be a ManagementClient of auth0-users");
  for (const [name, method] of Object.entries(methods)) {
    const path = name.split(".");
    const last = path.pop();
    const parent = path.reduce((object, part) => (object[part] ??= {}), client.users);
    parent[last] = { [last]: (...given) => method(client, ...given) }[last];
  }
  return client;
}
