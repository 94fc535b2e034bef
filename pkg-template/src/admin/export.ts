// All users from the file of an export, one by one.

import { uncached } from "../client/engine.ts";
import { check, checkClient, isRecord, isText, named, own } from "./check.ts";
import { ownOptions, untilDeadline } from "./deadline.ts";
import { checkedJob, checkJobOptions, finished, jobError } from "./jobs.ts";
import { valuesOf } from "./ndjson.ts";
import { endIfAborted, following, unlessAborted } from "./signal.ts";

/** How often in a row a download may give nothing new: its link is good for a minute only. */
const TRIES = 3;
/** How many downloads there may be in all, each of which begins with the first user. */
const MAX_DOWNLOADS = 100;
/** How long nothing may come of a file, in milliseconds. */
const SILENCE_MS = 60_000;

function readOptions(given) {
  const options = checkJobOptions(given, ["fetch", "fields", "limit"]);
  const { connection, fields, fetch = globalThis.fetch } = options;
  check(connection === undefined || isText(connection), "connection must be the id of a connection, such as con_123");
  const isField = (field) => isText(field) || isText(own(field, "name"));
  check(fields === undefined || (Array.isArray(fields) && fields.every(isField)), "fields must be an array of names");
  check(typeof fetch === "function", "fetch must be a function");
  return ownOptions(options, { fetch });
}

/** Waits for the next part of a file, which must not be silent for long. */
async function received(promise, signal) {
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

/** How many bytes a file has, if its answer says so: not where the engine has unpacked it. */
function lengthOf({ headers }) {
  const length = headers?.get?.("content-encoding") ? null : headers?.get?.("content-length");
  return length && /^\d+$/.test(length) ? Number(length) : undefined;
}

/** A file that is read once, in chunks. */
class Download {
  /** Whether the end that was reached is known to be the end of the file. */
  isWhole = false;
  #reader;
  #signal;
  #length;

  constructor(response, signal) {
    this.#reader = response.body.getReader();
    this.#length = lengthOf(response);
    this.#signal = signal;
  }

  async *chunks() {
    let length = 0;
    for (;;) {
      const { done, value } = await received(this.#reader.read(), this.#signal);
      if (done) break;
      length += value.length;
      yield value;
    }
    if (this.#length > length) throw new Error(`the file broke off after ${length} of ${this.#length} bytes`);
    this.isWhole = this.#length === length;
  }

  /** What is in the file, which the server may have compressed. */
  async *unpacked() {
    const chunks = this.chunks();
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
    if (magic[0] !== 0x1f || magic[1] !== 0x8b) return yield* all();
    yield* unzipped(all());
    // Without its checksum at the end, it would have failed.
    this.isWhole = true;
  }

  cancel() {
    this.#reader.cancel().catch(() => {});
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

async function* unzipped(chunks) {
  const { readable, writable } = new DecompressionStream("gzip");
  // What fails here fails the reader.
  write(chunks, writable).catch(() => {});
  const reader = readable.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The users in a file; returns whether its end is known to be the end. Leaving them leaves nothing under way. */
async function* usersIn(location, { abortSignal, fetch }) {
  const controller = following(abortSignal);
  const { signal } = controller;
  let download;
  try {
    // The file is elsewhere, behind a link that authorizes by itself: the token stays here.
    const response = await received(fetch(location, { __proto__: null, ...uncached(), signal }), signal);
    // Any other success, such as a part of a file (206), has a length that proves nothing.
    const { body, status } = response;
    if (status !== 200 || !body) throw new Error(`the file of the export cannot be read: ${status}`);
    download = new Download(response, signal);
    yield* valuesOf(download.unpacked());
    return download.isWhole;
  } finally {
    controller.release();
    controller.abort();
    download?.cancel();
  }
}

const notUser = (row) =>
  Object.assign(new SyntaxError(`value ${row} in the file of the export is not an object`), {
    code: "invalid_line",
  });

/** Whether another download may help: not after an abort, nor where the file itself is wrong before its end. */
const isTransient = (error, signal) =>
  !signal?.aborted && error?.code !== "line_too_long" && (error?.code !== "invalid_line" || error.isCut);

export function exportUsers(client, options) {
  return named("exportUsers", new Error(), () => exported(client, options));
}

async function* exported(client, given = { __proto__: null }) {
  checkClient(client);
  yield* untilDeadline("exportUsers", readOptions(given), (options) => users(client, options));
}

async function* users(client, options) {
  const { abortSignal: signal, connection, fields, limit } = options;
  const request = { __proto__: null, format: "json" };
  if (connection !== undefined) request.connection_id = connection;
  if (limit !== undefined) request.limit = limit;
  if (fields) request.fields = fields.map((field) => (isText(field) ? { name: field } : field));
  const begun = await client.jobs.usersExports.create(request, { abortSignal: signal });
  let job = await finished(client, checkedJob(begun, "jobs.usersExports.create"), options);

  let read = 0;
  let tries = 0;
  // How many users a download had that ended, where nothing proves that this was the end.
  let ended;
  for (let downloads = 1; ; downloads += 1) {
    const location = own(job, "location");
    if (!location) throw jobError(job, "the export has no file");
    const before = read;
    let row = 0;
    let failure;
    try {
      const file = usersIn(location, options);
      let next;
      try {
        for (next = await file.next(); !next.done; next = await file.next()) {
          row += 1;
          if (!isRecord(next.value)) throw notUser(row);
          if (row <= read) continue;
          read = row;
          yield next.value;
          // Users of one chunk are there already: nothing else looks at the signal between them.
          endIfAborted(signal);
        }
      } finally {
        await file.return();
      }
      const isWhole = next.value || row === ended || row === limit;
      if (isWhole && row >= read) return;
      ended = row;
      failure = new Error(`the file of the export ended after ${row} users, which may not be all`);
    } catch (error) {
      if (!isTransient(error, signal)) throw error;
      failure = error;
    }
    tries = read > before ? 0 : tries + 1;
    if (tries >= TRIES || downloads === MAX_DOWNLOADS) throw failure;
    job = await client.jobs.get(job.id, { abortSignal: signal });
  }
}
