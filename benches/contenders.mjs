// What is compared: each reads a user and a list by the same server, through the same fetch.
import { ManagementClient as Official } from "auth0";
import { ManagementClient } from "auth0-users";

/** The official client speaks https only, so all of them are redirected alike. */
const fetchPlain = (url, init) => fetch(String(url).replace("https:", "http:"), init);

const id = "auth0|507f1f77bcf86cd799439020";
const list = { per_page: 100, include_totals: true };

function bare(domain) {
  const headers = { authorization: "Bearer t", "content-type": "application/json" };
  const read = async (path) => (await fetchPlain(`https://${domain}/api/v2${path}`, { headers })).json();
  return {
    get: () => read(`/users/${encodeURIComponent(id)}`),
    list: async () => (await read("/users?page=0&per_page=100&include_totals=true")).users,
  };
}

function client(Client, domain) {
  const { users } = new Client({ domain, token: "t", fetch: fetchPlain });
  return { get: () => users.get(id), list: async () => (await users.list(list)).data };
}

/** Each makes the calls for a server at a host and port. */
export const contenders = {
  "bare fetch": bare,
  "auth0-users": (domain) => client(ManagementClient, domain),
  auth0: (domain) => client(Official, domain),
};
