import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { kindOf, kinds, stable } from "./calls.mjs";
import { startFake } from "./server.mjs";
import { endless, troubled } from "./trouble.mjs";

/** How many calls of each seed; all three make 10,000. */
const CALLS = Number(process.env.FAKE_CALLS ?? 3_334);
/** How much of all requests is troubled. */
const SHARE = 0.3;
const seeds = (process.env.FAKE_SEEDS ?? "11,22,33").split(",").map(Number);
/** The API's clock is right, ahead and behind. */
const clocks = [0, 3_600_000, -3_600_000];

/** Runs a program of this directory to its end, and gives what it said by lines of JSON. */
async function run(program, given) {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, ["--expose-gc", path, JSON.stringify(given)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const said = [];
  const lines = createInterface({ input: child.stdout }).on("line", (line) => said.push(JSON.parse(line)));
  const [[code]] = await Promise.all([
    new Promise((resolve) => child.on("exit", (...ended) => resolve(ended))),
    new Promise((resolve) => lines.on("close", resolve)),
  ]);
  return { said, code, errors };
}

const fits = (check) => {
  try {
    return check();
  } catch {
    return false;
  }
};

/** Why what a call said is not what the server did; undefined where it is. */
export function contradiction(fake, { n, kind: name, status, code, data, verified = [] }, requests) {
  const kind = kinds[name];
  const own = requests.filter(({ method }) => method !== "GET");
  const commits = own.flatMap((entry) => entry.commits).length;
  const isDone = commits > 0;
  if (kind.once && commits > 1) return `was carried out ${commits} times`;
  if (kind.refused && status === "resolved") return "resolved, though the API refuses it";
  if (kind.anyway && status === "resolved") return kind.anyway(fake, n, data) ? undefined : `said ${data}`;
  if (status === "resolved") {
    if (!kind.read && !isDone) return "resolved, but was not carried out";
    // An object is as good as another where the API may add fields.
    const isOther = data?.a === 1;
    return kind.fits && !isOther && !fits(() => kind.fits(fake, n, data))
      ? `gave ${JSON.stringify(data)?.slice(0, 200)}`
      : undefined;
  }
  if ((code === undefined && !kind.hasNoCode) || code === "invalid_argument")
    return "rejected with an error of no kind";
  if (kind.read && code === "not_found" && !kind.refused) return "not found, but it is there";
  if (kind.read && code === "outcome_unknown") return "a read has no outcome";
  if (code !== "outcome_unknown" && code !== "aborted" && isDone && !kind.read) return `${code}, but was carried out`;
  for (const { outcome } of verified) {
    if (outcome === "done" && !isDone) return "verify() says done, but was not carried out";
    if (outcome === "not_done" && isDone) return "verify() says not_done, but was carried out";
  }
  return undefined;
}

/** What a call may end with to which nothing has happened on the way, on a machine that is busy. */
const mayBeLate = ({ kind, status, code, statusCode }) =>
  kinds[kind].refused ||
  status === "resolved" ||
  ["aborted", "timeout", "deadline", "rate_limited"].includes(code) ||
  (code === "outcome_unknown" && statusCode === undefined);

/** Did nothing happen on the way of a call? What is between a page and its proxy is not seen here. */
const isSmooth = ({ n, operation }, requests) =>
  n % 16 < 8 && operation !== "token" && requests.length > 0 && !requests.some(({ trouble }) => trouble);

/** The least that is needed to see what happened to a call. */
const trace = (requests) =>
  requests.map(({ at, method, url, status, trouble, commits }) => {
    const when = (time) => `${Math.round(time - requests[0].at)} ms`;
    const done = commits.map((time) => `done at ${when(time)}`).join(" ");
    return `${when(at)} ${method} ${url.slice(0, 60)} ${status ?? "-"} ${trouble ?? ""} ${done}`;
  });

test("10,000 calls on a server of its own say what it did", { timeout: 580_000 }, async (t) => {
  const fakes = await Promise.all(
    seeds.map((seed, index) =>
      startFake({ trouble: troubled(seed, SHARE), clockMs: clocks[index % clocks.length], jobMs: 5, burst: 8 }),
    ),
  );
  const stubborn = await startFake({ trouble: endless });
  for (let n = 0; n < 20; n++) stubborn.addUser({ user_id: `auth0|x${n}` });
  t.after(() => Promise.all([...fakes, stubborn].map((fake) => fake.close())));
  const thirds = fakes.map(({ baseUrl }, index) => ({ baseUrl, seed: seeds[index], from: index * 100_000 }));
  for (const [index, { from }] of thirds.entries()) {
    for (const user_id of stable) fakes[index].addUser({ user_id });
    for (let n = from; n < from + CALLS; n++) kinds[kindOf(n)].seed?.(fakes[index], n);
  }
  const { said, code, errors } = await run("mixed.program.mjs", {
    thirds,
    calls: CALLS,
    share: SHARE,
    endless: { baseUrl: stubborn.baseUrl, count: 20 },
    patienceMs: 150_000,
  });
  await Promise.all(fakes.map((fake) => fake.settled()));

  assert.deepEqual(said.filter(({ warning, unsettled }) => warning || unsettled).slice(0, 5), [], errors);
  assert.equal(errors, "");
  assert.equal(code, 0);
  const inVain = said.find((one) => one.inVain).inVain;
  assert.deepEqual(
    inVain.filter((code) => !["deadline", "rate_limited", "outcome_unknown", "fulfilled"].includes(code)),
    [],
  );
  assert.deepEqual(
    stubborn.journal.flatMap(({ commits }) => commits),
    [],
  );

  const wrong = new Map();
  const seen = {};
  for (const [index, { from }] of thirds.entries()) {
    const byCall = new Map();
    for (const entry of fakes[index].journal) {
      assert.equal(entry.failure, undefined);
      assert.notEqual(entry.url, "/elsewhere");
      if (!byCall.has(entry.mark)) byCall.set(entry.mark, []);
      byCall.get(entry.mark).push(entry);
    }
    const results = said.filter(({ n }) => n >= from && n < from + CALLS);
    assert.equal(results.length, CALLS);
    for (const result of results) {
      const requests = byCall.get(`${result.n}`) ?? [];
      const { data, ...short } = result;
      const isFine = !isSmooth(result, requests) || mayBeLate(result);
      const why =
        contradiction(fakes[index], result, requests) ?? (isFine ? undefined : "failed, though nothing happened");
      const way = `${result.kind.split(" ")[0]} ${result.code ?? result.status}`;
      seen[way] = (seen[way] ?? 0) + 1;
      for (const { outcome } of result.verified ?? [])
        seen[`verify() ${outcome}`] = (seen[`verify() ${outcome}`] ?? 0) + 1;
      if (why === undefined) continue;
      const key = `${why.slice(0, 60)}: ${requests.find(({ trouble }) => trouble)?.trouble}`;
      if (!wrong.has(key)) wrong.set(key, []);
      wrong
        .get(key)
        .push(`seed ${seeds[index]} ${JSON.stringify(short)}: ${why}\n    ${trace(requests).join("\n    ")}`);
    }
  }
  t.diagnostic(JSON.stringify(seen));
  const shown = [...wrong].map(([key, all]) => `${all.length} times ${key}\n  ${all[0]}`);
  assert.equal(wrong.size, 0, shown.slice(0, 60).join("\n"));

  for (const expected of ["create resolved", "create outcome_unknown", "done", "not_done", "unknown"]) {
    assert.ok((seen[expected] ?? seen[`verify() ${expected}`]) > 0, expected);
  }

  const ends = said.filter(({ end }) => end).map(({ end }) => end);
  t.diagnostic(JSON.stringify(ends));
  for (const { busy } of ends) assert.deepEqual(busy, []);
  const [, before, later] = ends;
  assert.equal(later.references, before.references);
  assert.ok(later.held <= before.held, `${before.held} references, ${later.held} later`);
  assert.equal(later.bytes, before.bytes);
  assert.deepEqual(said.at(-1).left, []);
});
