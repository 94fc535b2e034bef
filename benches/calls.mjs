// What is compared, and the loop that measures it. It runs in Node.js and in a page.
import { ManagementClient as Official } from "auth0";
import { ManagementClient } from "auth0-users";

const token = "a-token";
const id = "auth0|000000000000000000000001";

function official(baseUrl) {
  const client = new Official({ domain: "tenant.example", token, telemetry: false });
  // It knows only https by its options; a fetch function that changes the address would cost time.
  client._options.baseUrl = baseUrl;
  return client;
}

/** For each contender a call that gets one user, and one that gets a list of a hundred. */
function contenders(baseUrl) {
  const headers = { authorization: `Bearer ${token}` };
  const get = async (path) => (await fetch(`${baseUrl}/${path}`, { headers })).json();
  const clients = {
    "auth0-users": new ManagementClient({ baseUrl, token, telemetry: false }),
    auth0: official(baseUrl),
  };
  return {
    fetch: {
      one: () => get(`users/${encodeURIComponent(id)}`),
      list: async () => (await get("users?page=0&per_page=100&include_totals=true")).users,
    },
    ...Object.fromEntries(
      Object.entries(clients).map(([name, { users }]) => [
        name,
        {
          one: () => users.get(id),
          list: async () => (await users.list({ page: 0, per_page: 100, include_totals: true })).data,
        },
      ]),
    ),
  };
}

/** Milliseconds for one of so many calls, so many of them under way at once. */
async function time(call, calls, atOnce) {
  let left = calls;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await call();
    }),
  );
  return (performance.now() - start) / calls;
}

/**
 * Rounds of all contenders, each time in another order, so that what disturbs the machine disturbs all alike. Gives for
 * each contender what one call took in each round, in milliseconds.
 */
export async function measure(baseUrl, { rounds, calls, atOnce = 1, kind = "one" }) {
  const all = contenders(baseUrl);
  for (const call of Object.values(all).map((one) => one[kind])) {
    const got = await call();
    if (kind === "one" ? got.user_id !== id : got.length !== 100) throw new Error("the contenders do not get the same");
    await time(call, calls, atOnce);
  }
  const names = Object.keys(all);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < names.length; place++) {
      const name = names[(place + round) % names.length];
      times[name].push(await time(all[name][kind], calls, atOnce));
    }
  }
  return times;
}
