// What goes wrong between a client and the API, or in a gateway between them. Each kind says what it does with a
// request: cut off, answered by something that is not the API, carried out before, after or long after its answer.
import { setTimeout as sleep } from "node:timers/promises";

import { draw, pick } from "./seeded.mjs";
import { refusal } from "./server.mjs";

const page = "<!doctype html><title>Gateway</title><h1>Something went wrong</h1>";
const html = { "content-type": "text/html; charset=utf-8" };
/** Long enough to be late, and soon enough for a test. */
const laterMs = (random) => 50 + random * 1_200;
/** A body as it would be written. */
const written = (body) => (Buffer.isBuffer(body) ? body : JSON.stringify(body ?? {}));
const cut = (res) => res.socket?.resetAndDestroy();

/** Was it carried out: never, before its answer, or a moment after? The answer is not the API's own. */
const reaches = {
  never: () => {},
  after: ({ act }) => act(),
  late: ({ act, later, random }) => void later(laterMs(random), act),
};

function answered(name, answer, reach) {
  return { name: `${name} ${reach}`, run: async (tools) => (await reaches[reach](tools), tools.send(answer)) };
}

/** The proper answer, sent in another way. */
const sent = (name, write) => ({ name, run: async (tools) => write(tools, await tools.act()) });

const cuts = [
  { name: "cut unread", isEarly: true, run: ({ res }) => cut(res) },
  { name: "cut before", run: ({ res }) => cut(res) },
  sent("cut after", ({ res }) => cut(res)),
  { name: "cut late", run: ({ res, act, later, random }) => (later(laterMs(random), act), cut(res)) },
  sent("truncated", ({ res }, { status, body }) => {
    const text = written(body);
    res.writeHead(status, { "content-type": "application/json", "content-length": text.length + 10 });
    res.write(text.slice(0, -1));
    setImmediate(cut, res);
  }),
  sent("half a text", ({ send }, { status, body, headers }) => {
    const text = written(body);
    send({ status: status === 204 ? 200 : status, body: text.slice(0, -1), headers });
  }),
];

const stalls = [
  { name: "silent before", run: () => {} },
  sent("silent after", () => {}),
  { name: "silent late", run: ({ act, later, random }) => later(laterMs(random), act) },
  sent("stalled body", ({ res }, { status }) => {
    res.writeHead(status === 204 ? 200 : status, { "content-type": "application/json" });
    res.write('{"user_id":"');
  }),
];

const gateways = [200, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504].flatMap((status) =>
  ["never", "after", "late"].map((reach) => answered(`html ${status}`, { status, body: page, headers: html }, reach)),
);
const redirects = [301, 302, 303, 307, 308].flatMap((status) =>
  ["never", "after"].map((reach) =>
    answered(`${status}`, { status, body: "", headers: { location: "/elsewhere" } }, reach),
  ),
);
/** JSON of a gateway: without the keys of the API, or with those of another status. */
const foreign = [400, 403, 404, 409, 429, 500, 502, 503, 504].flatMap((status) =>
  [{ message: "Forbidden" }, { statusCode: 999, error: "x", message: "x" }, []].flatMap((body, n) =>
    ["never", "after"].map((reach) => answered(`json${n} ${status}`, { status, body }, reach)),
  ),
);
const busy = { "x-ratelimit-limit": "50", "x-ratelimit-remaining": "0" };
const soon = () => `${Math.ceil(Date.now() / 1_000)}`;
const failures = [500, 502, 503, 504].flatMap((status) =>
  // The API itself has ended with a request that it answers with 500.
  (status === 500 ? ["never", "after"] : ["never", "after", "late"]).map((reach) =>
    answered(`api ${status}`, refusal(status, "An internal error occurred"), reach),
  ),
);
/** By which a careless client would take a user for gone: often, since many things are looked up. */
const absent = [...gateways, ...foreign].filter(({ name }) => / 404 never$/.test(name));
/** The one failure after which a change that cannot be found was not made. */
const ended = [answered("api 500", refusal(500, "An internal error occurred"), "never")];
/** Texts that a proxy of this package once said, and its header, which only a page believes. */
const lies = ["upstream_failure", "upstream_timeout", "proxy_failure", "upstream_unauthorized", "not_sent"].map(
  (errorCode) => {
    const headers = { "x-auth0-users-outcome": "not_sent" };
    return answered(`lie ${errorCode}`, { ...refusal(502, "Not sent", errorCode), headers }, "after");
  },
);

/** A refusal of the API. Where its clock is wrong, a time in `headers` would be an hour away. */
const limited = (name, headers, isTime = false) => ({
  name: `429 ${name}`,
  run({ send, now }) {
    const isWrong = isTime && Math.abs(now() - Date.now()) > 60_000;
    const answer = refusal(429, "Global limit has been reached", "too_many_requests");
    send({ ...answer, headers: isWrong ? {} : headers() });
  },
});
const refusals = [
  limited("bare", () => ({})),
  limited("with reset", () => ({ ...busy, "x-ratelimit-reset": soon() }), true),
  limited("with reset past", () => ({ ...busy, "x-ratelimit-reset": "1000" })),
  limited("with seconds", () => ({ "retry-after": "1" })),
  limited("with zero", () => ({ "retry-after": "0" })),
  limited("with a date", () => ({ "retry-after": new Date(Date.now() + 1_000).toUTCString() }), true),
  limited("with a past date", () => ({ "retry-after": new Date(0).toUTCString() })),
  limited("with garbage", () => ({ "retry-after": "soon", "x-ratelimit-reset": "NaN", "x-ratelimit-remaining": "-7" })),
  limited("twice", () => ({ "retry-after": ["0", "1"], "x-ratelimit-remaining": ["0", "0"] })),
];

const shapes = [null, "ok", 7, true, "object", "array"].map((shape) =>
  sent(`shape ${shape}`, ({ send }, { status, body, headers }) => {
    const isArray = Array.isArray(body);
    const wrong = { object: isArray ? {} : { a: 1 }, array: isArray ? "[]" : [] }[shape] ?? shape;
    send({ status: status === 204 ? 200 : status, body: JSON.stringify(wrong), headers });
  }),
);
const odd = [
  sent("empty 200", ({ send }) => send({ status: 200, body: "" })),
  sent("empty 204", ({ send }) => send({ status: 204 })),
  sent("trickle", async ({ res }, { status, body, headers }) => {
    res.writeHead(status, { "content-type": "application/json", ...headers });
    for (const letter of status === 204 ? "" : JSON.stringify(body ?? {}).match(/.{1,20}/gs)) {
      res.write(letter);
      await sleep(5);
    }
    res.end();
  }),
  ...["text/plain", "text/html", "application/octet-stream", "", "application/json; charset=latin1"].map((type) =>
    sent(`type ${type}`, ({ send }, { headers, ...answer }) => {
      send({ ...answer, headers: { ...headers, "content-type": type } });
    }),
  ),
  sent("early hints", ({ res, send }, answer) => (res.writeEarlyHints({ link: "</x>; rel=preload" }), send(answer))),
];

const withHeaders = (own) =>
  sent(`headers ${JSON.stringify(own)}`, ({ send }, answer) => {
    // A refusal with these would hold up a client for a minute.
    send(answer.status === 429 ? answer : { ...answer, headers: { ...answer.headers, ...own } });
  });

/** Headers that say what cannot be; the answer is right. None of them asks for a wait of more than a second or two. */
const hour = 3_600;
const headers = [
  { date: null },
  { date: "yesterday" },
  { date: "-1" },
  { date: [new Date(0).toUTCString(), new Date(1e12).toUTCString()] },
  { "x-ratelimit-remaining": "-5" },
  { "x-ratelimit-remaining": "1e400" },
  { "x-ratelimit-remaining": "NaN" },
  { "x-ratelimit-remaining": "99999999999999999999" },
  { "x-ratelimit-remaining": null, "x-ratelimit-limit": null, "x-ratelimit-reset": null },
  { "x-ratelimit-remaining": ["3", "7"] },
  { "x-ratelimit-limit": "0" },
  { "x-ratelimit-limit": "-1" },
  { "x-ratelimit-reset": `${Math.round(Date.now() / 1_000) - hour}` },
  { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" },
  { "retry-after": "86400" },
].map((own) => withHeaders(own));

/** By how often they come. The slow ones take a time limit, and what makes a client wait holds up its other calls. */
const groups = [
  [0.2, cuts],
  [0.36, gateways],
  [0.44, redirects],
  [0.54, foreign],
  [0.62, failures],
  [0.66, ended],
  [0.72, shapes],
  [0.82, odd],
  [0.93, headers],
  [0.96, stalls],
  [0.98, refusals],
  [1, lies],
];

/** Troubles a share of all requests; the same ones for the same seed. */
export const troubled = (seed, share, isProxy = false) =>
  function trouble({ key, count, method }) {
    if (draw(seed, key, count, "whether") >= share) return undefined;
    const place = draw(seed, key, count, "group");
    const isAbsent = method === "GET" && draw(seed, key, count, "absent") < 0.25;
    const kinds = isAbsent ? absent : groups.find(([end]) => place < end)[1];
    // A file has no form that could be wrong.
    if (key.startsWith("/files/") && ![cuts, gateways, failures, stalls].includes(kinds)) return undefined;
    // What a page's own server says is true.
    if (isProxy && kinds === lies) return undefined;
    const { run, ...kind } = pick(kinds, seed, key, count, "kind");
    return { ...kind, run: (tools) => run({ ...tools, random: draw(seed, key, count, "time") }) };
  };

const far = () => `${Math.round(Date.now() / 1_000) + hour}`;
const waits = [
  limited("a day", () => ({ "retry-after": "86400" })),
  limited("until tomorrow", () => ({ "retry-after": new Date(Date.now() + 86_400_000).toUTCString() })),
  limited("an hour", () => ({ ...busy, "x-ratelimit-reset": far() })),
  limited("in milliseconds", () => ({ ...busy, "x-ratelimit-reset": `${Date.now()}` })),
  limited("for ever", () => ({ "retry-after": "1e9", ...busy, "x-ratelimit-reset": "Infinity" })),
];
const distant = ["Infinity", `${Date.now()}`, far()].map((reset) =>
  withHeaders({ "x-ratelimit-limit": "1", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }),
);
/** Asks for waits that no one has time for: refuses all changes, and some reads. */
export const endless = ({ key, count, method }) => pick(method === "GET" ? [...waits, ...distant] : waits, key, count);
