// A small server of GET /users for tests: an array of users behind a fetch, which knows nothing of the tenant.
import { ManagementClient } from "auth0-users";
import { withAdmin } from "auth0-users/admin";

const CAP = 1_000;
const CLAUSE = /(\w+):(?:"((?:[^"\\]|\\.)*)"|([[{])("(?:[^"\\]|\\.)*"|\S+) TO ("(?:[^"\\]|\\.)*"|[^\s\]}]+)([\]}]))/g;
const unquoted = (text) => text.replace(/^"(.*)"$/s, "$1").replaceAll(/\\(.)/g, "$1");
const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

/** Does a user match all clauses of a query? It reads no more of the syntax than `users.all` writes. */
function matches(q) {
  const clauses = [...(q ?? "").matchAll(CLAUSE)].map(([, field, phrase, open, low, high, close]) => {
    if (phrase !== undefined) return (user) => user[field] === unquoted(phrase);
    const [from, to] = [unquoted(low), unquoted(high)];
    return ({ [field]: value }) =>
      (from === "*" || (open === "[" ? value >= from : value > from)) &&
      (to === "*" || (close === "]" ? value <= to : value < to));
  });
  return (user) => clauses.every((clause) => clause(user));
}

/**
 * A client of these users, who come in the order of the array where the order that was asked for leaves it open.
 * `answer(body, number, parameters)` may change or replace each answer. `requests` holds the parameters of each request.
 */
export function fake(users, answer = (body) => body) {
  const requests = [];
  const fetch = async (url, { signal }) => {
    signal?.throwIfAborted();
    const parameters = Object.fromEntries(new URL(url).searchParams);
    requests.push(parameters);
    const [field, direction] = parameters.sort.split(":");
    const found = users.filter(matches(parameters.q)).sort((a, b) => compare(a[field], b[field]) * direction);
    const [page, size] = [Number(parameters.page), Number(parameters.per_page)];
    const items = found.slice(page * size, Math.min((page + 1) * size, CAP));
    const body = { start: page * size, limit: size, length: items.length, total: Math.min(found.length, CAP) };
    const reset = Math.ceil(Date.now() / 1_000) + 60;
    const headers = { "x-ratelimit-limit": 1_000, "x-ratelimit-remaining": 999, "x-ratelimit-reset": reset };
    return Response.json(await answer({ ...body, users: items }, requests.length, parameters), { headers });
  };
  const client = withAdmin(new ManagementClient({ baseUrl: "https://fake.example/api/v2", token: "token", fetch }));
  return { client, requests };
}

/** Numbers from 0 up to, not including, `limit`, the same for each seed. */
export function below(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
