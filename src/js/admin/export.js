// All users from the file of an export, one by one.

import { check, checkClient, isText } from "./check.js";
import { untilDeadline } from "./deadline.js";
import { checkJobOptions, finished, jobError } from "./jobs.js";
import { ndjson } from "./ndjson.js";
import { following, unlessAborted } from "./signal.js";

/** How often a file is asked for, whose link is good for a minute only. */
const TRIES = 3;
/** How long nothing may come of a file, in milliseconds. */
const SILENCE_MS = 60_000;

function readOptions(options) {
  checkJobOptions(options, ["fetch", "fields", "limit"]);
  const { connection, fields, fetch = globalThis.fetch } = options;
  check(connection === undefined || isText(connection), "connection must be the id of a connection, such as con_123");
  const isField = (field) => isText(field) || isText(field?.name);
  check(fields === undefined || (Array.isArray(fields) && fields.every(isField)), "fields must be an array of names");
  check(typeof fetch === "function", "fetch must be a function");
  return { ...options, fetch };
}

/** What comes of the way from the file, where nothing must be silent for long. */
async function heard(promise, signal) {
  let timer;
  const silence = new Promise((_, reject) => {
    const late = () => reject(new Error(`nothing came of the file for ${SILENCE_MS / 1000} s`));
    timer = setTimeout(late, SILENCE_MS);
  });
  try {
    return await unlessAborted(signal, Promise.race([promise, silence]));
  } finally {
    clearTimeout(timer);
  }
}

async function* chunksOf(reader, signal) {
  for (;;) {
    const { done, value } = await heard(reader.read(), signal);
    if (done) return;
    yield value;
  }
}

/** Writes no faster than is read. A pipe would not: in Node.js it has this stream take 16,384 chunks at once. */
async function write(chunks, stream) {
  const writer = stream.getWriter();
  try {
    for await (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error);
  }
}

function unzipped(chunks) {
  const { readable, writable } = new DecompressionStream("gzip");
  // What fails here fails whoever reads.
  write(chunks, writable).catch(() => {});
  return readable;
}

/** What is in a file, which the server may have compressed. */
async function unpacked(chunks) {
  const begun = [];
  const magic = [];
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    begun.push(next.value);
    magic.push(...next.value.subarray(0, 2));
    if (magic.length >= 2) break;
  }
  async function* all() {
    yield* begun;
    yield* chunks;
  }
  return magic[0] === 0x1f && magic[1] === 0x8b ? unzipped(all()) : all();
}

/** The users in a file. Whoever leaves them leaves nothing under way. */
async function* usersIn(location, { abortSignal, fetch }) {
  const controller = following(abortSignal);
  const { signal } = controller;
  let reader;
  try {
    // The file is elsewhere, behind a link that says who may read it: the token stays here.
    const response = await heard(fetch(location, { signal }), signal);
    if (!response.ok || !response.body) throw new Error(`the file of the export cannot be read: ${response.status}`);
    reader = response.body.getReader();
    yield* ndjson(await unpacked(chunksOf(reader, signal)));
  } finally {
    controller.release();
    controller.abort();
    reader?.cancel().catch(() => {});
  }
}

/** Its own errors are thrown on; those of the way from the file are worth another try. */
const isOfTheWay = (error, signal) =>
  !signal?.aborted && error?.code !== "invalid_line" && error?.code !== "job_failed";

export async function* exportUsers(client, given = {}) {
  checkClient(client);
  yield* untilDeadline("exportUsers", readOptions(given), (options) => users(client, options));
}

async function* users(client, options) {
  const { abortSignal: signal, connection, fields, limit } = options;
  const request = { format: "json" };
  if (connection !== undefined) request.connection_id = connection;
  if (limit !== undefined) request.limit = limit;
  if (fields) request.fields = fields.map((field) => (isText(field) ? { name: field } : field));
  let job = await finished(client, await client.jobs.usersExports.create(request, { abortSignal: signal }), options);

  let read = 0;
  for (let tries = 1; ; tries += 1) {
    if (!job.location) throw jobError(job, "the export has no file");
    let row = 0;
    try {
      for await (const user of usersIn(job.location, options)) {
        row += 1;
        if (row <= read) continue;
        read = row;
        yield user;
      }
      return;
    } catch (error) {
      if (tries === TRIES || !isOfTheWay(error, signal)) throw error;
    }
    job = await client.jobs.get(job.id, { abortSignal: signal });
  }
}
