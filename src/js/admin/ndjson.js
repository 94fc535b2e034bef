// Values from text with one JSON value per line, as it comes in.

import { check } from "./check.js";

function parse(line, number) {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw Object.assign(new SyntaxError(`line ${number} is not JSON`, { cause }), {
      code: "invalid_line",
      line: number,
    });
  }
}

export async function* ndjson(source) {
  // An answer without a body has no values.
  if (source?.body === null) return;
  const chunks = source?.body ?? source?.stream?.() ?? source;
  check(
    chunks?.[Symbol.asyncIterator] ?? chunks?.getReader,
    "source must be a stream, a Blob, a Response or a Request",
  );
  const decoder = new TextDecoder();
  let rest = "";
  let number = 0;
  for await (const chunk of chunks[Symbol.asyncIterator] ? chunks : readAll(chunks)) {
    const lines = (rest + (typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }))).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      number += 1;
      if (line.trim()) yield parse(line, number);
    }
  }
  rest += decoder.decode();
  if (rest.trim()) yield parse(rest, number + 1);
}

/** Streams of Safari and older Chromium are not iterable. */
async function* readAll(stream) {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}
