import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { idOf, rowOf } from "./killed.items.mjs";
import { draw } from "./seeded.mjs";
import { markOf, startFake } from "./server.mjs";

const KILLS = 24;
/** How many requests the server takes at once, so no more are on the wire. */
const BURST = 10;
const program = fileURLToPath(new URL("killed.program.mjs", import.meta.url));

/**
 * When to kill a run: after so many requests of it, and in which moment of the last of them. A run that is to be killed
 * after none is killed while it starts.
 */
const moments = ["before it is carried out", "before it is answered", "after it is answered", "while all hang"];
function killsOf(seed, perRun) {
  return Array.from({ length: KILLS }, (_, k) => ({
    after: k % 6 === 0 ? 0 : 1 + Math.floor(draw(seed, k, "after") * 2 * perRun),
    startMs: draw(seed, k, "start") * 400,
    moment: moments[k % moments.length],
  }));
}

/** A server whose requests kill who sent them when they are told to. */
async function startKiller(t, options) {
  let run;
  /** In which run a call was. */
  const runs = new Map();
  async function trouble(tools) {
    const { kill, child, answered } = run;
    run.requests += 1;
    runs.set(tools.mark, run);
    tools.res.on("finish", () => answered.push(tools.mark));
    const isLast = kill && run.requests === kill.after;
    const isAfter = kill && run.requests > kill.after;
    if (isLast && kill.moment === "before it is carried out") child.kill("SIGKILL");
    if (isLast && kill.moment === "while all hang") setTimeout(() => child.kill("SIGKILL"), 150);
    // Some take longer than others.
    await sleep(draw("latency", run.requests, kill?.after ?? 0) * 20);
    const answer = await tools.act();
    if (isLast && kill.moment === "before it is answered") child.kill("SIGKILL");
    if (kill?.after > 0 && kill.moment === "while all hang" && (isLast || isAfter)) return;
    tools.send(answer);
    if (isLast && kill.moment === "after it is answered") tools.res.on("finish", () => child.kill("SIGKILL"));
  }
  const fake = await startFake({ ...options, trouble: () => ({ run: trouble }) });
  t.after(() => fake.close());

  /** Starts the program, and gives what it said and whether it came to its end. */
  async function start(given, kill) {
    const child = spawn(process.execPath, [program, JSON.stringify({ ...given, baseUrl: fake.baseUrl })], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    run = { child, kill, requests: 0, answered: [] };
    let errors = "";
    let text = "";
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.stdout.on("data", (chunk) => (text += chunk));
    const timer = kill?.after === 0 && setTimeout(() => child.kill("SIGKILL"), kill.startMs);
    const [code, signal] = await once(child, "close");
    clearTimeout(timer);
    assert.ok(code === 0 || signal === "SIGKILL", errors);
    // What had arrived is carried out before the next run looks at the journal.
    await fake.idle();
    const lines = text.split("\n").slice(0, -1);
    return { isDone: code === 0, results: new Map(lines.map((line) => JSON.parse(line)).map((one) => [one.id, one])) };
  }
  return { fake, runs, start };
}

/** Runs a program until it is done, killed again and again. Gives its last results, and how many runs were killed. */
async function untilDone(t, start, given, seed, perRun) {
  const directory = await mkdtemp(join(tmpdir(), "auth0-users-killed-"));
  t.after(() => rm(directory, { recursive: true }));
  const all = { ...given, file: join(directory, "journal") };
  let killed = 0;
  for (const kill of killsOf(seed, perRun)) {
    const { isDone } = await start(all, kill);
    if (!isDone) killed += 1;
  }
  const { isDone, results } = await start(all);
  assert.ok(isDone);
  return { results, killed };
}

test("bulk killed 24 times does no item twice, and loses none", { timeout: 300_000 }, async (t) => {
  const count = 700;
  const { fake, runs, start } = await startKiller(t, { burst: BURST, perSecond: 200 });
  for (let n = 0; n < count; n++) fake.addUser({ user_id: idOf(n) });
  const { results, killed } = await untilDone(t, start, { what: "bulk", count }, "bulk", 16);
  assert.equal(results.size, count);
  const commits = new Map();
  const arrived = new Set();
  for (const { mark, commits: own, failure } of fake.journal) {
    assert.equal(failure, undefined);
    arrived.add(mark);
    commits.set(mark, (commits.get(mark) ?? 0) + own.length);
  }
  const unknown = [];
  for (const [id, { status, error }] of results) {
    const times = commits.get(markOf(id)) ?? 0;
    assert.ok(times <= 1, `${id} was carried out ${times} times`);
    assert.ok(["ok", "skipped", "unknown"].includes(status), `${id} ${status} ${error}`);
    if (status === "unknown") unknown.push(id);
    else assert.equal(times, 1, `${id} is ${status}, but was not carried out`);
  }
  const unsent = unknown.filter((id) => !arrived.has(markOf(id)));
  // What was answered long before the kill is known.
  const isLate = ({ answered }, mark) => !answered.slice(0, -2 * BURST).includes(mark);
  for (const id of unknown) assert.ok(!arrived.has(markOf(id)) || isLate(runs.get(markOf(id)), markOf(id)), id);
  t.diagnostic(`${unknown.length} unknown, ${unsent.length} of them had not arrived`);
  // Only what was handed to fetch, of which the server takes so many at once.
  assert.ok(unknown.length <= KILLS * BURST, `${unknown.length} unknown`);
  assert.equal(killed, KILLS);
});

test("importUsers killed 24 times sends no row twice, and loses none", { timeout: 300_000 }, async (t) => {
  const count = 320;
  const { fake, start } = await startKiller(t, { jobMs: 60 });
  const { results, killed } = await untilDone(t, start, { what: "import", count }, "import", 3);
  assert.equal(results.size, count);
  const taken = new Map();
  for (const { rows, failure } of fake.journal) {
    assert.equal(failure, undefined);
    for (const row of rows ?? []) taken.set(row, (taken.get(row) ?? 0) + 1);
  }
  let unknown = 0;
  for (let n = 0; n < count; n++) {
    const { status } = results.get(idOf(n));
    const times = taken.get(`call-${n}`) ?? 0;
    const isTaken = rowOf(n).email !== undefined;
    if (isTaken) assert.ok(times <= 1, `row ${n} was sent ${times} times`);
    if (status === "unknown") unknown += 1;
    else if (isTaken)
      assert.deepEqual([status === "ok" || status === "skipped", times], [true, 1], `row ${n} ${status}`);
    else assert.equal(status, "failed");
  }
  t.diagnostic(`${killed} killed, ${unknown} rows unknown`);
  assert.equal(killed, KILLS);
  // Two files of four rows each are under way at once.
  assert.ok(unknown <= KILLS * 8, `${unknown} unknown`);
});
