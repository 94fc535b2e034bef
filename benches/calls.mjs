// How long calls take, in the engine that this runs in: in rounds, each contender once in each, so that what else the
// machine does meets all of them.

const now = () => performance.now();

async function sequential(call, count) {
  const start = now();
  for (let done = 0; done < count; done += 1) await call();
  return (now() - start) / count;
}

async function inFlight(call, count, width) {
  const start = now();
  for (let done = 0; done < count; done += width) await Promise.all(Array.from({ length: width }, call));
  return (now() - start) / count;
}

/** What is measured, as milliseconds for one call. */
const measures = {
  "one after the other": ({ get }, scale) => sequential(get, 200 * scale),
  "32 at once": ({ get }, scale) => inFlight(get, 320 * scale, 32),
  "a list of 100": ({ list }, scale) => sequential(list, 50 * scale),
};

/** For each measure and contender, what each round took. */
export async function measureCalls(contenders, domain, { rounds, scale }) {
  const clients = Object.entries(contenders).map(([name, connect]) => [name, connect(domain)]);
  const results = {};
  for (const [measure, run] of Object.entries(measures)) {
    results[measure] = Object.fromEntries(clients.map(([name]) => [name, []]));
    for (const [, calls] of clients) await run(calls, scale);
    for (let round = 0; round < rounds; round += 1) {
      for (let place = 0; place < clients.length; place += 1) {
        const [name, calls] = clients[(place + round) % clients.length];
        results[measure][name].push(await run(calls, scale));
      }
    }
  }
  return results;
}
