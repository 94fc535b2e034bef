// A body of multipart/form-data, as bytes: the FormData of one realm is a text for the fetch of another.

import { encode, join, type Bytes } from "./bytes.ts";
import { fileContent } from "./file.ts";

/** The bytes and the content type of a form. */
interface FormContent {
  bytes: Bytes;
  type: string;
}

/** A form, or a function that gives a promise of one where its file has to be read. */
export type Form = FormContent | ((signal?: AbortSignal) => Promise<FormContent>);

type Field = [name: string, text: string];

/** Writes a form with a file. The boundary is none that occurs in the content. */
function multipart(fields: readonly Field[], file: Bytes): FormContent {
  const head = (name: string) =>
    `Content-Disposition: form-data; name="${name.replace(/["\r\n]/g, encodeURIComponent)}"`;
  const parts = fields.map(([name, text]) => `${head(name)}\r\n\r\n${text}`);
  parts.push(`${head("users")}; filename="users.json"\r\nContent-Type: application/json\r\n\r\n`);
  const content = parts.join() + new TextDecoder().decode(file);
  let boundary = "auth0-users-";
  do boundary += Math.random();
  while (content.includes(boundary));
  const start = parts.map((part) => `--${boundary}\r\n${part}`).join("\r\n");
  return {
    bytes: join([encode(start), file, encode(`\r\n--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

/** Returns a form of these fields and a file. The file is looked at first: a stream in it must not fail unheard. */
export function form(readFields: () => Field[], file: unknown): Form {
  const content = fileContent(file);
  const fields = readFields();
  if (typeof content !== "function") return multipart(fields, content);
  return async (signal) => multipart(fields, await content(signal));
}
