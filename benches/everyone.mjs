// How many requests, and how much memory, reading everybody takes: the table in docs/everyone.md.
//
// After `cargo xtask bench`, which leaves the package here: `node --expose-gc benches/everyone.mjs`. It takes long; counts
// of users to take instead are an argument, as in `1000,25000`.
import { ManagementClient } from "auth0-users";
import { withAdmin } from "auth0-users/admin";
import { createTenant } from "auth0-users/testing";

const FIRST = Date.UTC(2015, 0, 1);
const YEAR = 31_536_000_000;
/** Bursts of some sizes in turn, each in one millisecond, so far from one another. */
const bursts = (sizes, apart) => (n) => {
  const all = sizes.reduce((sum, size) => sum + size);
  let rest = n % all;
  const turn = sizes.findIndex((size) => (rest -= size) < 0);
  return (Math.floor(n / all) * sizes.length + turn) * apart;
};
const distributions = {
  "minute by minute": (n) => n * 60_000,
  "in one second": (n) => n % 1_000,
  "in one millisecond": () => 0,
  "in bursts of a minute, with years between": (n) => Math.floor(n / 25_000) * YEAR + ((n * 7) % 60_000),
  "in milliseconds of 100": bursts([100], 1_000),
  "in milliseconds of 500": bursts([500], 86_400_000),
  "in milliseconds of 2,500, with years between": bursts([2_500], YEAR / 10),
  "in milliseconds of 300 and 1,001 in turn": bursts([300, 1_001], 1),
};

/** Adds users, and lets go of what they were made of. */
function fill(tenant, count, at) {
  for (let begin = 0; begin < count; begin += 1_000) {
    const users = Array.from({ length: Math.min(1_000, count - begin) }, (_, index) => {
      const n = begin + index;
      return {
        user_id: `auth0|u${String((n * 7_919) % count).padStart(6, "0")}`,
        email: `u${n}@example.com`,
        created_at: new Date(FIRST + at(n)).toISOString(),
      };
    });
    tenant.users.add(...users);
  }
}

console.log("| Users | created | Requests | At 100 each | Ratio | Memory |\n| --- | --- | --- | --- | --- | --- |");
for (const count of (process.argv[2] ?? "1000,25000,250000").split(",").map(Number)) {
  for (const [name, at] of Object.entries(distributions)) {
    const tenant = createTenant({ users: 0, journal: 0 });
    fill(tenant, count, at);
    const { url: baseUrl, token, fetch } = tenant;
    const client = withAdmin(new ManagementClient({ baseUrl, token, fetch }));
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const run = client.users.all();
    let most = 0;
    // A bit for each user: a set of ids would be most of the memory.
    const seen = new Uint8Array(count);
    for await (const { user_id } of run) {
      seen[Number(user_id.slice(7))]++;
      if (run.progress.read % 5_000 === 0) {
        globalThis.gc?.();
        most = Math.max(most, process.memoryUsage().heapUsed - before);
      }
    }
    if (seen.some((times) => times !== 1)) throw new Error(`${name}: not everybody exactly once`);
    const { requests } = run.progress;
    const least = Math.ceil(count / 100);
    const cells = [count, name, requests, least, (requests / least).toFixed(3), `${(most / 1e6).toFixed(1)} MB`];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
