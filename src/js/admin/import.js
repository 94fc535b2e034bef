// Any number of users into a connection, in files that the server takes, and what became of each.

import { isManagementError } from "auth0-users";

import { check, checkClient, checkSource, isRecord, isText, jsonOf } from "./check.js";
import { untilDeadline } from "./deadline.js";
import { checkJobOptions, finished, jobError } from "./jobs.js";
import { isSame } from "./metadata.js";
import { pool } from "./pool.js";
import { tell } from "./tell.js";

/** The server takes files up to 500 kB, */
const MAX_BYTES = 500_000;
/** and works on two at once. */
const JOBS = 2;

const bytesOf = (text) => new TextEncoder().encode(text).length;

function readOptions(options) {
  checkJobOptions(options, ["externalId", "onWarning", "sendCompletionEmail", "upsert"]);
  check(isText(options.connection), "connection must be the id of a connection, such as con_123");
  const { upsert = false, onWarning = console.warn } = options;
  check(typeof upsert === "boolean", "upsert must be true or false");
  check(typeof onWarning === "function", "onWarning must be a function");
  if (upsert) tell(onWarning, "auth0-users: upsert replaces the metadata of users that exist; it does not merge them");
  return options;
}

/** Rows as the files that they make: `{ rows, text }` each, or `{ rows, error }` for one that fits in none. */
async function* files(users) {
  let file = { rows: [], parts: [], bytes: 2 };
  const written = () => ({ rows: file.rows, text: `[${file.parts.join()}]` });
  let row = 0;
  for await (const user of users) {
    const entry = { row, user };
    row += 1;
    check(isRecord(user), `users: row ${entry.row} is not an object`);
    const part = jsonOf(`users: row ${entry.row}`, user);
    const bytes = bytesOf(part) + 1;
    if (bytes + 2 > MAX_BYTES) {
      const error = Object.assign(new RangeError(`row ${entry.row} is larger than a file may be`), {
        code: "too_large",
      });
      yield { rows: [entry], error };
      continue;
    }
    if (file.bytes + bytes > MAX_BYTES) {
      yield written();
      file = { rows: [], parts: [], bytes: 2 };
    }
    file.rows.push(entry);
    file.parts.push(part);
    file.bytes += bytes;
  }
  if (file.rows.length > 0) yield written();
}

/** By what the server tells users apart. */
const keysOf = (user) =>
  ["email", "user_id", "username", "phone_number"].map(
    (name) => isText(user?.[name]) && `${name} ${user[name].toLowerCase()}`,
  );

/** What became of each row: the server names users, not rows, and of two of the same it refuses the later one. */
function outcomes(rows, refused) {
  const byKey = new Map();
  for (const entry of rows) {
    for (const key of keysOf(entry.user)) if (key) byKey.set(key, [...(byKey.get(key) ?? []), entry]);
  }
  const errors = new Map();
  const strangers = [];
  for (const one of refused) {
    const key = keysOf(one.user).find((key) => key && byKey.get(key)?.some((entry) => !errors.has(entry)));
    const alike = key ? byKey.get(key).filter((entry) => !errors.has(entry)) : [];
    const entry = alike.findLast(({ user }) => isSame(JSON.parse(JSON.stringify(user)), one.user)) ?? alike.at(-1);
    if (entry) errors.set(entry, one.errors ?? []);
    else strangers.push({ row: undefined, user: one.user, status: "failed", errors: one.errors ?? [] });
  }
  const results = rows.map((entry) =>
    errors.has(entry) ? { ...entry, status: "failed", errors: errors.get(entry) } : { ...entry, status: "ok" },
  );
  return [...results, ...strangers];
}

async function importFile(client, { rows, text, error }, options) {
  const all = (status, error) => rows.map((entry) => ({ ...entry, status, errors: [], error }));
  if (error) return all("failed", error);
  const { abortSignal, connection, externalId, sendCompletionEmail = false, upsert } = options;
  const request = { users: text, connection_id: connection, send_completion_email: sendCompletionEmail };
  if (upsert !== undefined) request.upsert = upsert;
  if (externalId !== undefined) request.external_id = externalId;
  let job;
  try {
    job = await client.jobs.usersImports.create(request, { abortSignal });
    job = await finished(client, job, options);
    const refused = await client.jobs.errors.get(job.id, { abortSignal });
    if (Array.isArray(refused)) return outcomes(rows, refused);
    if (job.status !== "completed") return all("failed", jobError({ ...job, ...refused }, "the import failed"));
    return outcomes(rows, []);
  } catch (error) {
    if (!isManagementError(error) && !abortSignal?.aborted) throw error;
    // A job that was begun goes on, whoever looks at it.
    const isOpen = job || abortSignal?.aborted || error.code === "outcome_unknown";
    return all(isOpen ? "unknown" : "failed", error);
  }
}

export async function* importUsers(client, users, given) {
  checkClient(client);
  checkSource("users", users);
  yield* untilDeadline("importUsers", readOptions(given), async function* (options) {
    const work = async (file, give) => give(await importFile(client, file, options));
    for await (const results of pool(files(users), JOBS, work, { signal: options.abortSignal })) yield* results;
  });
}
