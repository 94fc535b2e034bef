// How many requests, and how much memory, reading everybody takes: the table in docs/everyone.md.
//
// After `cargo xtask bench`, which leaves the package here: `node --expose-gc benches/everyone.mjs`. It takes long; counts
// of users to take instead are an argument, as in `1000,25000`.
import { ManagementClient } from "auth0-users";
import { withAdmin } from "auth0-users/admin";
import { createTenant } from "auth0-users/testing";

import { YEAR, bursts, made } from "./distributions.mjs";

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

console.log("| Users | created | Requests | At 100 each | Ratio | Memory |\n| --- | --- | --- | --- | --- | --- |");
for (const count of (process.argv[2] ?? "1000,25000,250000").split(",").map(Number)) {
  for (const [name, at] of Object.entries(distributions)) {
    const tenant = createTenant({ users: 0, journal: 0 });
    // Some at a time, so that what they were made of can be let go.
    for (let begin = 0; begin < count; begin += 1_000) tenant.users.add(...made(count, at, begin, 1_000));
    const { url: baseUrl, token, fetch } = tenant;
    const client = withAdmin(new ManagementClient({ baseUrl, token, fetch }));
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const run = client.users.all();
    let most = 0;
    // A byte for each user: a set of ids would be most of the memory.
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
