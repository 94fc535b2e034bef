// No secret shows in anything that a program may log, serialise or look at; and none is sent elsewhere.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { test } from "node:test";
import { inspect } from "node:util";

import { ManagementClient } from "auth0-users";

import { answer, recorded, rejection } from "./client.mjs";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const CANARIES = ["canary-token", "canary-secret", "canary-header", ...privateKey.split("\n").slice(1, 4)];
const domain = "tenant.example";

/** Everything that can be read off a value without calling what it holds: shown, serialised, and walked through. */
function shown(value, seen = new Set()) {
  const texts = [inspect(value, { depth: null, showHidden: true, getters: true }), String(value)];
  try {
    texts.push(JSON.stringify(value) ?? "");
  } catch {}
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return texts;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) {
    const { value: held, get } = Object.getOwnPropertyDescriptor(value, key);
    texts.push(String(key), ...shown(get ? get.call(value) : held, seen));
  }
  return texts;
}

function check(values) {
  for (const value of values) {
    for (const text of shown(value)) {
      for (const canary of CANARIES) assert.ok(!text.includes(canary), `${canary} in ${text.slice(0, 2_000)}`);
    }
  }
}

const answers = {
  "a page": answer(200, { users: [{}], total: 3, limit: 1 }),
  "a refusal": answer(400, { message: "no", errorCode: "e" }),
  "a failure": answer(500, "<html>"),
  "a lost connection": () => Promise.reject(new TypeError("fetch failed")),
  "a refused token": answer(401, {}),
  "a redirect": answer(302, undefined, { location: "https://elsewhere.example/" }),
};

const ways = {
  "a token": { token: "canary-token" },
  "a token function": { token: async () => ({ token: "canary-token", expiresAt: Date.now() + 1e6 }) },
  "a client secret": { clientId: "c", clientSecret: "canary-secret" },
  "a private key": { clientId: "c", clientAssertionSigningKey: privateKey },
};

for (const [way, options] of Object.entries(ways)) {
  for (const [what, given] of Object.entries(answers)) {
    test(`a client with ${way} shows no secret, before and after ${what}`, async () => {
      const events = [];
      const note = (event) => events.push(event);
      async function fetch(url, init) {
        if (!url.endsWith("/oauth/token")) return given(url, init);
        return Response.json({ access_token: "canary-token", expires_in: 60 });
      }
      const client = new ManagementClient({
        domain,
        ...options,
        fetch,
        maxRetries: 0,
        headers: { "x-secret": "canary-header" },
        ...{ onRequest: note, onResponse: note, onRetry: note, onRateLimit: note },
      });
      check([client, client.users, client.users.get, client.request]);
      const calls = [client.users.list({ per_page: 1 }), client.users.get("x"), client.users.update("x", {})];
      check(calls);
      check(calls.map((call) => call.then));
      const outcomes = await Promise.all(calls.map((call) => call.catch((error) => error)));
      check([...outcomes, ...calls, client, client.rateLimit, ...events]);
      if (outcomes[0].getNextPage) check([await outcomes[0].getNextPage(), outcomes[0].rawResponse]);
      check(
        await Promise.all([
          client.users
            .get("x")
            .withRawResponse()
            .catch((error) => error),
        ]),
      );
    });
  }
}

test("what fails on the way to a token shows no secret", async () => {
  for (const options of [ways["a client secret"], ways["a private key"]]) {
    for (const given of [...Object.values(answers), answer(200, { access_token: "canary token with spaces" })]) {
      const client = new ManagementClient({ domain, ...options, fetch: given, maxRetries: 0 });
      check([await rejection(client.users.get("x")), client]);
    }
  }
});

test("a token that cannot be sent is refused without being repeated", async () => {
  assert.throws(
    () => recorded(undefined, { token: "canary-token\n" }),
    (error) => (check([error]), true),
  );
  check([await rejection(recorded(undefined, { token: () => "canary-token with a space" }).users.get("x"))]);
});

test("no header takes the place of authorization, however it is written", async () => {
  for (const name of ["authorization", "Authorization", "AUTHORIZATION"]) {
    for (const value of ["Bearer other", null, () => "Bearer other", Promise.resolve("x")]) {
      assert.throws(
        () => recorded(undefined, { headers: { [name]: value } }),
        /^TypeError: headers must not have authorization/,
      );
      const { users, requests } = recorded();
      assert.match(
        (await rejection(users.get("x", {}, { headers: { [name]: value } }))).message,
        /: headers must not /,
      );
      assert.equal(requests.length, 0);
    }
  }
});

/** Servers on two origins: the first sends its callers to the second. */
async function twoOrigins(t, status) {
  const reached = [];
  const start = async (respond) => {
    const server = createServer(respond).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    t.after(() => server.close());
    return `http://127.0.0.1:${server.address().port}`;
  };
  const other = await start((request, response) => {
    reached.push(request.headers);
    response.end("{}");
  });
  const first = await start((_request, response) =>
    response.writeHead(status, { location: `${other}/api/v2/users` }).end(),
  );
  return { first, reached };
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect with ${status} is not followed to another origin, by calls or by requests for tokens`, async (t) => {
    const { first, reached } = await twoOrigins(t, status);
    const { users } = new ManagementClient({ baseUrl: first, token: "canary-token" });
    for (const call of [() => users.get("x"), () => users.create({}), () => users.delete("x")]) {
      assert.equal((await rejection(call())).statusCode, status);
    }
    const fetch = (url, init) => globalThis.fetch(url.replace(`https://${domain}`, first), init);
    const client = new ManagementClient({ domain, clientId: "c", clientSecret: "canary-secret", fetch });
    assert.equal((await rejection(client.users.get("x"))).operation, "token");
    assert.deepEqual(reached, []);
  });
}

test("a path of request stays below the base URL", async () => {
  const { client, requests } = recorded();
  for (const path of [["https://elsewhere.example"], ["//elsewhere.example"], ["@elsewhere.example"]]) {
    await client.request({ method: "GET", path });
  }
  for (const { url } of requests) assert.equal(new URL(url).origin, "https://tenant.example");
});
