// What administrators do with users, as methods of a client.

import { define } from "../client/objects.ts";
import { blockStatus, signOutEverywhere, unblock } from "./access.ts";
import { all } from "./all.ts";
import { checkClient, named, record } from "./check.ts";
import { find, findByEmail } from "./find.ts";
import { hydrate } from "./hydrate.ts";
import { linkAccounts } from "./link.ts";
import { keepUpdate, metadata, update } from "./metadata.ts";
import { reset, status } from "./mfa.ts";
import { overview } from "./overview.ts";
import { waitUntilIndexed } from "./wait.ts";

/** The methods below `client.users`, by their names. Each is given the client, and what it is called with. */
const methods = {
  blockStatus,
  all,
  find,
  findByEmail,
  hydrate,
  "identities.linkAccounts": linkAccounts,
  metadata,
  "mfa.reset": reset,
  "mfa.status": status,
  overview,
  signOutEverywhere,
  unblock,
  update,
  waitUntilIndexed,
};

/** What a refused call of the client's own method gives: a promise that has this method. */
function refused(error) {
  const refusal = Promise.reject(error);
  return define(refusal, { withRawResponse: () => refusal }, false);
}

/** Gives a client these methods, and gives the client. */
export function withAdmin(client) {
  checkClient(client);
  keepUpdate(client);
  for (const [name, method] of Object.entries(methods)) {
    const path = name.split(".");
    const last = path.pop();
    const add = (object, part, value) =>
      Object.defineProperty(object, part, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
    const parent = path.reduce((object, part) => {
      if (!Object.hasOwn(object, part)) add(object, part, {});
      return object[part];
    }, client.users);
    const functions = {
      // The name of the function is what a journal knows an operation by.
      [last]: (...given) => {
        const site = new Error();
        try {
          return named(`users.${name}`, site, () => method(client, ...given.map(record)));
        } catch (error) {
          if (method === update) return refused(error);
          throw error;
        }
      },
    };
    add(parent, last, functions[last]);
  }
  return client;
}
