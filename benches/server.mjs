// A server that answers at once, in a process of its own: what is measured is the client. It prints its address and ends
// with its standard input.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const user = (n) => ({
  user_id: `auth0|${String(n).padStart(24, "0")}`,
  email: `user-${n}@example.com`,
  email_verified: n % 2 === 0,
  name: `User ${n}`,
  nickname: `user-${n}`,
  picture: `https://example.com/pictures/${n}.png`,
  created_at: "2026-01-02T03:04:05.678Z",
  updated_at: "2026-02-03T04:05:06.789Z",
  identities: [
    { connection: "Username-Password-Authentication", provider: "auth0", user_id: String(n), isSocial: false },
  ],
  user_metadata: { theme: "dark", addresses: { home: "742 Evergreen Terrace" } },
  app_metadata: { plan: "team", seats: n },
  last_login: "2026-03-04T05:06:07.890Z",
  logins_count: n,
});

const one = JSON.stringify(user(1));
const hundred = JSON.stringify({
  start: 0,
  limit: 100,
  length: 100,
  total: 100,
  users: Array.from({ length: 100 }, (_, n) => user(n)),
});
const [bundle] = process.argv.slice(2);
const page = { "/": ["text/html", "<!doctype html><title>bench</title>"] };
if (bundle) page["/page.js"] = ["text/javascript", readFileSync(bundle)];

const server = createServer((request, response) => {
  const [path] = request.url.split("?");
  const [type, body] = page[path] ?? ["application/json; charset=utf-8", path.endsWith("/users") ? hundred : one];
  response.writeHead(200, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "x-ratelimit-limit": "100000",
    "x-ratelimit-remaining": "99999",
    "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 1),
  });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume().on("end", () => process.exit());
