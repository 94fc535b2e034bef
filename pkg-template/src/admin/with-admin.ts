import type { ManagementClient, Metadata } from "auth0-users";

import { define } from "../client/objects.ts";
import type { AdminClient, AdminIdentities, AdminUsers, UserMfaClient } from "./admin-users.ts";
import { all } from "./all.ts";
import { blockStatus } from "./block-status.ts";
import { find } from "./find.ts";
import { findByEmail } from "./find-by-email.ts";
import { hydrate } from "./hydrate.ts";
import { linkAccounts } from "./link-accounts.ts";
import { metadata } from "./metadata.ts";
import { reset } from "./mfa-reset.ts";
import { status } from "./mfa-status.ts";
import { overview } from "./overview.ts";
import { checkClient, named, ownProperties } from "./shared/checks.ts";
import { signOutEverywhere } from "./sign-out-everywhere.ts";
import { unblock } from "./unblock.ts";
import { ownUpdate, update } from "./update.ts";
import { waitUntilIndexed } from "./wait-until-indexed.ts";

/**
 * Adds the methods of {@link AdminUsers} to a client, and returns the same client. They use its calls, so they share its
 * rate limiter, its options, and the rights of its token or proxy.
 *
 * Throws a `TypeError` if `client` is not a `ManagementClient`.
 */
export function withAdmin<A extends object = Metadata, U extends object = Metadata>(
  client: ManagementClient<A, U>,
): AdminClient<A, U>;
export function withAdmin(client: ManagementClient): ManagementClient {
  checkClient(client);
  ownUpdate(client);
  const { users } = client;
  const mfa = Object.hasOwn(users, "mfa") ? (users as AdminUsers).mfa : {};
  define(users, { mfa });
  addMethods(client, users, "users", ofUsers);
  addMethods(client, users.identities, "users.identities", ofIdentities);
  addMethods(client, mfa, "users.mfa", ofMfa);
  return client;
}

/** The implementation of a method: the same function, given the client first. */
type Implementation<Method> = Method extends (...given: infer Given) => infer Result
  ? (client: ManagementClient, ...given: Given) => Result
  : never;
type Implementations<Client> = { readonly [Name in keyof Client]: Implementation<Client[Name]> };

type Added = Omit<AdminUsers, Exclude<keyof ManagementClient["users"], "update"> | "identities" | "mfa">;
const ofUsers: Implementations<Added> = {
  all,
  blockStatus,
  find,
  findByEmail,
  hydrate,
  metadata,
  overview,
  signOutEverywhere,
  unblock,
  update,
  waitUntilIndexed,
};
const ofIdentities: Implementations<Pick<AdminIdentities, "linkAccounts">> = { linkAccounts };
const ofMfa: Implementations<UserMfaClient> = { reset, status };

type AnyImplementation = (client: ManagementClient, ...given: never[]) => unknown;

/** Adds methods to a part of a client, whose path names them in errors. */
function addMethods(
  client: ManagementClient,
  owner: object,
  path: string,
  implementations: Readonly<Record<string, AnyImplementation>>,
): void {
  for (const [name, implementation] of Object.entries(implementations)) {
    // The name of the function is what a journal knows an operation by.
    const methods = {
      [name]: (...given: unknown[]) => {
        try {
          const own = given.map(ownProperties) as never[];
          return named(`${path}.${name}`, () => implementation(client, ...own));
        } catch (error) {
          if (implementation === update) return refused(error);
          throw error;
        }
      },
    };
    define(owner, methods);
  }
}

/** Returns what a refused call of the client's own method gives: a promise that has this method. */
function refused(error: unknown): Promise<never> {
  const refusal = (async (): Promise<never> => {
    throw error;
  })();
  return define(refusal, { withRawResponse: () => refusal }, false);
}
