// The operators of the demo, what each of them may do, and their sessions.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const READ = [
  "users.list",
  "users.get",
  "users.listUsersByEmail",
  "users.roles.list",
  "users.permissions.list",
  "users.organizations.list",
  "users.sessions.list",
  "users.refreshToken.list",
  "users.authenticationMethods.list",
  "users.enrollments.get",
  "users.logs.list",
  "userBlocks.list",
];

const allow = (...operations) => Object.fromEntries(operations.map((operation) => [operation, true]));

/** A support agent reads everything and ends a block after failed logins, and does nothing else. */
const SUPPORT = allow(...READ, "userBlocks.delete");

const ADMINISTRATOR = {
  ...allow(
    ...READ,
    "userBlocks.delete",
    "users.create",
    "users.delete",
    "users.regenerateRecoveryCode",
    "users.revokeAccess",
    "users.roles.assign",
    "users.roles.delete",
    "users.permissions.create",
    "users.permissions.delete",
    "users.sessions.delete",
    "users.refreshToken.delete",
    "users.authenticationMethods.delete",
    "users.authenticators.deleteAll",
    "users.multifactor.invalidateRememberBrowser",
    "users.multifactor.deleteProvider",
    "users.identities.link",
    "users.identities.delete",
    "jobs.verificationEmail.create",
    "tickets.changePassword",
  ),
  "users.update": {
    fields: [
      "app_metadata",
      "blocked",
      "email",
      "email_verified",
      "family_name",
      "given_name",
      "name",
      "nickname",
      "phone_number",
      "phone_verified",
      "user_metadata",
      "username",
    ],
  },
};

const RIGHTS = { administrator: ADMINISTRATOR, support: SUPPORT };
const HOURS = 8;

const secret = () => randomBytes(24).toString("base64url");
const digest = (text) => createHash("sha256").update(text).digest();

/** Keeps who is signed in, in memory. The passwords are new with each start. */
export class Operators {
  /** The password of each operator, to be told to whoever started the demo. */
  passwords = Object.fromEntries(Object.keys(RIGHTS).map((name) => [name, randomBytes(6).toString("base64url")]));
  #sessions = new Map();

  /** Gives a new session, or undefined where the password is not that of the operator. */
  signIn(operator, password) {
    if (typeof operator !== "string" || typeof password !== "string") return undefined;
    const expected = Object.hasOwn(this.passwords, operator) ? this.passwords[operator] : secret();
    // Of one length, whatever was given.
    if (!timingSafeEqual(digest(password), digest(expected))) return undefined;
    const session = { id: operator, key: secret(), csrf: secret(), until: Date.now() + HOURS * 3_600_000 };
    this.#sessions.set(session.key, session);
    return session;
  }

  signOut({ key }) {
    this.#sessions.delete(key);
  }

  /** The session that a Cookie header names, while it lasts. */
  session(cookies) {
    const session = this.#sessions.get(/(?:^|; )session=([\w-]+)/.exec(cookies ?? "")?.[1]);
    if (session && session.until < Date.now()) this.#sessions.delete(session.key);
    return session && session.until >= Date.now() ? session : undefined;
  }

  /** What an operator may do, in the words of the proxy. */
  rights({ id }) {
    return RIGHTS[id];
  }
}

export const SESSION_SECONDS = HOURS * 3600;
