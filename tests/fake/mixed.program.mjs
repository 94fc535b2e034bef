// Makes the mixed calls against the servers that it is given, and writes what came of each. It ends by itself.
import { createServer, request as send } from "node:http";
import { once } from "node:events";

import { ManagementClient } from "auth0-users";
import { exportUsers, importUsers, withAdmin } from "auth0-users/admin";
import { createProxy, toNodeHandler } from "auth0-users/proxy";

import { held, size } from "../helpers/wasm.mjs";
import { kindOf, kinds, operations } from "./calls.mjs";
import { draw } from "./seeded.mjs";
import { serve } from "./server.mjs";
import { troubled } from "./trouble.mjs";

const { thirds, calls, share, endless, patienceMs } = JSON.parse(process.argv[2]);
const said = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
process.on("warning", ({ message, name }) => said({ warning: `${name}: ${message}` }));

/** Hands a request on to a server, as what stands in front of a proxy does. */
async function handOn(origin, { method, url, headers, body }) {
  const outgoing = send(`${origin}${url}`, { method, headers: { ...headers, connection: "close" }, agent: false });
  const [response] = await Promise.all([once(outgoing, "response"), outgoing.end(body)]);
  const chunks = [];
  for await (const chunk of response[0]) chunks.push(chunk);
  const { connection, "transfer-encoding": _, "keep-alive": __, date = null, ...kept } = response[0].headers;
  return { status: response[0].statusCode, headers: { date, ...kept }, body: Buffer.concat(chunks).toString() };
}

/** A proxy of a client, with something in front of it that fails as well. */
async function startProxy(client, seed) {
  const proxy = createProxy({
    client,
    authorize: (request) => request.headers.get("cookie"),
    csrf: () => "csrf",
    allow: Object.fromEntries(operations.map((name) => [name, true])),
    rateShare: 1,
    onError: (error) => said({ warning: `onError: ${error.stack}` }),
  });
  const server = createServer(toNodeHandler(proxy)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const front = await serve({
    act: (request) => handOn(`http://127.0.0.1:${server.address().port}`, request),
    trouble: troubled(`${seed} front`, share / 2, true),
  });
  async function close() {
    await front.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return { origin: front.origin, close, front };
}

/** Also for what verify() reads. */
const limits = { timeoutInSeconds: 2, deadlineInSeconds: 40 };

/** Clients of all kinds: with a token, with a function, with credentials, and pages of a proxy. */
async function startClients({ baseUrl, seed }) {
  const { origin } = new URL(baseUrl);
  const direct = [
    { baseUrl, token: "token" },
    { baseUrl, token: async () => "token" },
    { baseUrl, token: () => ({ token: "token", expiresAt: Date.now() + 60_000 }) },
    {
      domain: "tenant.example",
      clientId: "id",
      clientSecret: "secret",
      fetch: (url, init) => fetch(url.replace("https://tenant.example", origin), init),
    },
  ];
  const clients = [...direct, ...direct].map((options) => new ManagementClient({ ...options, ...limits }));
  const behind = direct.map((options) => new ManagementClient({ ...options, ...limits }));
  const proxies = await Promise.all(behind.map((client) => startProxy(client, seed)));
  const pages = [...proxies, ...proxies].map(({ origin }, n) => {
    const headers = { cookie: `page${n}`, origin };
    return new ManagementClient({ baseUrl: `${origin}/admin-api`, csrf: () => "csrf", headers, ...limits });
  });
  return { clients: [...clients, ...pages], behind, proxies };
}

const tellOf = ({ name, code, statusCode, operation, message }) => ({ name, code, statusCode, operation, message });

/** Makes one call, and gives all that it says. */
async function make(client, n, seed) {
  const kind = kinds[kindOf(n)];
  const aborts = draw(seed, n, "abort") < 0.03;
  const controller = new AbortController();
  const options = {
    ...(draw(seed, n, "deadline") < 0.2 && { deadlineInSeconds: 4 }),
    ...(draw(seed, n, "unknown") < 0.35 && !kind.read && { onUnknown: "reconcile" }),
    ...(aborts && { abortSignal: controller.signal }),
  };
  if (aborts) setTimeout(() => controller.abort("enough"), draw(seed, n, "when") * 300);
  const helpers = { importUsers: importUsers.bind(null, client), exportUsers: exportUsers.bind(null, client) };
  const callers = kind.isAdmin ? Object.assign(withAdmin(client), helpers) : client;
  const result = { n, kind: kindOf(n) };
  let error;
  try {
    result.data = await kind.call(callers, n, options);
    result.status = "resolved";
  } catch (thrown) {
    error = thrown;
    Object.assign(result, { status: "rejected", ...(error === "enough" ? { code: "aborted" } : tellOf(error ?? {})) });
  }
  return { result, error };
}

async function verified(error) {
  try {
    return await error.verify();
  } catch (thrown) {
    return { outcome: "rejected", ...tellOf(thrown) };
  }
}

async function third({ baseUrl, seed, from }) {
  const { clients, behind, proxies } = await startClients({ baseUrl, seed });
  const numbers = Array.from({ length: calls }, (_, index) => from + index);
  const left = new Map(numbers.map((n) => [n, "called"]));
  const late = setTimeout(() => {
    said({ unsettled: [...left].slice(0, 20).map(([n, step]) => ({ n, kind: kindOf(n), step })) });
    process.exit(3);
  }, patienceMs);
  const results = await Promise.all(
    numbers.map(async (n) => {
      // Administrators' helpers use what no page may.
      const among = kinds[kindOf(n)].isAdmin ? clients.slice(0, 8) : clients;
      const { result, error } = await make(among[n % among.length], n, seed);
      // Something may be carried out between these two.
      left.set(n, "rejected");
      if (error?.verify) result.verified = [await verified(error)];
      left.delete(n);
      return { result, error };
    }),
  );
  await Promise.all(proxies.map(({ front }) => front.settled()));
  await Promise.all(
    results.map(async ({ result, error }) => {
      if (error?.verify) result.verified.push(await verified(error));
      said(result);
    }),
  );
  clearTimeout(late);
  const busy = clients.map(({ rateLimit }) => rateLimit).filter(({ inFlight, queued }) => inFlight + queued > 0);
  await Promise.all(proxies.map(({ close }) => close()));
  for (const client of [...clients, ...behind]) client.free();
  said({ end: { seed, busy, heap: await heap(), held: held(), ...size() } });
}

/** What the engine holds when nothing is going on. */
async function heap() {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

/** As many calls at once as there ever are, so that what is held for them is held before anything is measured. */
async function warmUp(baseUrl) {
  const client = new ManagementClient({ baseUrl, token: "token", fetch: () => new Promise(() => {}) });
  const soon = { deadlineInSeconds: 0.3 };
  await Promise.allSettled(Array.from({ length: 2 * calls }, (_, n) => client.users.get(`x${n}`, {}, soon)));
}

/** Calls of a server that asks for longer waits than they have: each ends when its time is up. */
async function waitInVain({ baseUrl, count }) {
  const options = { baseUrl, token: "token", deadlineInSeconds: 0.5 };
  const endings = Array.from({ length: count }, async (_, n) => {
    const client = new ManagementClient(options);
    const calls = [
      client.users.get(`auth0|x${n}`),
      client.users.create({ connection: "email" }),
      client.users.delete(`${n}`),
    ];
    return (await Promise.allSettled(calls)).map(({ status, reason }) => reason?.code ?? status);
  });
  said({ inVain: (await Promise.all(endings)).flat() });
}

await warmUp(thirds[0].baseUrl);
await waitInVain(endless);
for (const one of thirds) await third(one);
const timers = process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate|Server/.test(name));
said({ left: timers });
