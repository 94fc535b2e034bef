// Answers as the API does, as fast as it can, in a process of its own; ends with its parent.
import { createServer } from "node:http";

const user = (number) => ({
  user_id: `auth0|${String(number).padStart(24, "0")}`,
  email: `user${number}@example.com`,
  email_verified: true,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-06-01T00:00:00.000Z",
  name: `User ${number}`,
  nickname: `user${number}`,
  picture: `https://example.com/${number}.png`,
  identities: [
    { connection: "Username-Password-Authentication", provider: "auth0", user_id: `${number}`, isSocial: false },
  ],
  user_metadata: { theme: "dark", languages: ["en", "nb"] },
  app_metadata: { plan: "gold", seats: number },
  last_ip: "192.0.2.1",
  logins_count: number,
});
const one = JSON.stringify(user(1));
const users = Array.from({ length: 100 }, (_, number) => user(number));
const many = JSON.stringify({ start: 0, limit: 100, length: 100, total: 100, users });

const server = createServer((request, response) => {
  const text = /\/users(\?|$)/.test(request.url) ? many : one;
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "x-ratelimit-limit": "100000",
    "x-ratelimit-remaining": "99999",
    "x-ratelimit-reset": String(Math.ceil(Date.now() / 1_000) + 1),
  });
  response.end(text);
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());
