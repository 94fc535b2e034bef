// Works on all items with a journal in a file, and writes the status of each. It may be killed at any time.
import { writeSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";

import { ManagementClient } from "auth0-users";
import { bulk, importUsers } from "auth0-users/admin";

import { connectionId, idOf, rowOf } from "./killed.items.mjs";

const { what, baseUrl, file, count } = JSON.parse(process.argv[2]);
const client = new ManagementClient({ baseUrl, token: "token" });
const journal = {
  append: (line) => appendFile(file, `${line}\n`, { flush: true }),
  read: () => readFile(file, "utf8").catch((error) => (error.code === "ENOENT" ? "" : Promise.reject(error))),
};
const said = (id, { status, error }) => writeSync(1, `${JSON.stringify({ id, status, error: error?.message })}\n`);
const numbers = Array.from({ length: count }, (_, n) => n);

if (what === "bulk") {
  const renew = (id, options) => client.users.regenerateRecoveryCode(id, options);
  for await (const { id, ...result } of bulk(numbers.map(idOf), renew, { journal })) said(id, result);
} else {
  const options = { connection: connectionId, journal, pollSeconds: 0.02 };
  for await (const { row, ...result } of importUsers(client, numbers.map(rowOf), options)) said(idOf(row), result);
}
