// The calls of the mixed run: what has to be there before, how each is made, and what it may say.
import { pick } from "./seeded.mjs";
import { roles, permissions } from "./server.mjs";

const connection = "Username-Password-Authentication";
const password = "Correct-Horse-7-Battery";
const name = (n) => `call-${n}`;
const id = (n) => `auth0|${name(n)}`;
const email = (n) => `${name(n)}@example.com`;
const role = { roles: [roles[0].id] };
const permission = { permissions: [permissions[0]] };
const metadata = { gone: 1, stays: { a: 1 }, tags: ["a"] };

const user = (more) => (fake, n) => fake.addUser({ user_id: id(n), email: email(n), user_metadata: metadata, ...more });
const rival = (ageMs) => (fake, n) => {
  const created_at = new Date(fake.now() - ageMs).toISOString();
  fake.addUser({ user_id: `auth0|rival-${n}`, email: email(n), created_at });
};
const owner = (fake, n) => fake.users.get(id(n));
const byEmail = (fake, n) => [...fake.users.values()].find(({ user }) => user.email === email(n))?.user;
const isUser = (find) => (fake, n, data) => data.user_id === find(fake, n)?.user_id && data.email === email(n);
const isOwner = isUser((fake, n) => owner(fake, n)?.user);
const rows = (n) => [{ email: `a-${email(n)}` }, { given_name: name(n) }, { email: `b-${email(n)}` }];

/** Users who are there all the time, among others. */
export const stable = Array.from({ length: 30 }, (_, n) => `auth0|stable-${n}`);

/**
 * `once`: is not to be done twice. `refused`: the API refuses it. `fits`: is what the call gave true? `anyway`: is what
 * it gave true, whether or not it was carried out?
 */
export const kinds = {
  create: {
    once: true,
    call: ({ users }, n, options) => users.create({ connection, password, email: email(n) }, options),
    fits: isUser(byEmail),
  },
  "create with id": {
    once: true,
    call: ({ users }, n, options) => users.create({ connection, email: email(n), user_id: name(n) }, options),
    fits: isOwner,
  },
  "create passwordless": {
    once: true,
    call: ({ users }, n, options) => users.create({ connection: "email", email: email(n), user_id: name(n) }, options),
    fits: isUser(byEmail),
  },
  "create over an old rival": {
    once: true,
    seed: rival(3_600_000),
    call: ({ users }, n, options) => users.create({ connection, password, email: email(n) }, options),
    refused: true,
  },
  "create over a new rival": {
    once: true,
    seed: rival(0),
    call: ({ users }, n, options) => users.create({ connection, password, email: email(n) }, options),
    refused: true,
  },
  get: { seed: user(), call: ({ users }, n, options) => users.get(id(n), {}, options), read: true, fits: isOwner },
  "get of no one": { call: ({ users }, n, options) => users.get(id(n), {}, options), read: true, refused: true },
  update: {
    seed: user(),
    call: ({ users }, n, options) => users.update(id(n), { name: `Name ${name(n)}` }, options),
    fits: (fake, n, data) => data.name === owner(fake, n).user.name,
  },
  "update of metadata": {
    seed: user(),
    call: ({ users }, n, options) =>
      users.update(id(n), { user_metadata: { gone: null, added: { b: [1, { c: name(n) }] } } }, options),
    fits: (fake, n, data) => !("gone" in data.user_metadata) && data.user_metadata.added.b[1].c === name(n),
  },
  "update without effect": {
    seed: user(),
    call: ({ users }, n, options) => users.update(id(n), { verify_email: true, email: email(n) }, options),
    fits: isOwner,
  },
  "update of no one": {
    call: ({ users }, n, options) => users.update(id(n), { name: name(n) }, options),
    refused: true,
  },
  delete: { seed: user(), call: ({ users }, n, options) => users.delete(id(n), options) },
  list: {
    seed: user(),
    call: async ({ users }, n, options) => (await users.list({ q: `user_id:"${id(n)}"` }, options)).data,
    read: true,
    fits: (fake, n, data) => data.length === 1 && data[0].user_id === id(n),
  },
  "list by email": {
    seed: user(),
    call: ({ users }, n, options) => users.listUsersByEmail({ email: email(n) }, options),
    read: true,
    fits: (fake, n, data) => data.length === 1 && data[0].user_id === id(n),
  },
  "assign roles": {
    once: true,
    seed: user(),
    call: ({ users }, n, options) => users.roles.assign(id(n), role, options),
  },
  "delete roles": {
    seed: (fake, n) => (user()(fake, n), owner(fake, n).roles.add(role.roles[0])),
    call: ({ users }, n, options) => users.roles.delete(id(n), role, options),
  },
  "list roles": {
    seed: (fake, n) => (user()(fake, n), owner(fake, n).roles.add(role.roles[0])),
    call: async ({ users }, n, options) => (await users.roles.list(id(n), {}, options)).data,
    read: true,
    fits: (fake, n, data) => data.length === 1 && data[0].id === role.roles[0],
  },
  "create permissions": {
    once: true,
    seed: user(),
    call: ({ users }, n, options) => users.permissions.create(id(n), permission, options),
  },
  "delete permissions": {
    seed: (fake, n) => (user()(fake, n), owner(fake, n).permissions.push(permissions[0])),
    call: ({ users }, n, options) => users.permissions.delete(id(n), permission, options),
  },
  link: {
    once: true,
    seed: (fake, n) => (user()(fake, n), fake.addUser({ user_id: `${id(n)}-b`, email: `b-${email(n)}` })),
    call: ({ users }, n, options) =>
      users.identities.link(id(n), { provider: "auth0", user_id: `${name(n)}-b` }, options),
    fits: (fake, n, data) => data.length === 2,
  },
  unlink: {
    seed: (fake, n) => {
      const { identities } = user()(fake, n);
      identities.push({ connection, provider: "auth0", user_id: `${name(n)}-b`, isSocial: false });
    },
    call: ({ users }, n, options) => users.identities.delete(id(n), "auth0", `${name(n)}-b`, options),
    fits: (fake, n, data) => data.length === 1,
  },
  "recovery code": {
    once: true,
    seed: user(),
    call: ({ users }, n, options) => users.regenerateRecoveryCode(id(n), options),
    fits: (fake, n, data) => data.recovery_code === owner(fake, n).codes.at(-1),
  },
  "revoke access": {
    once: true,
    seed: user(),
    call: ({ users }, n, options) => users.revokeAccess(id(n), {}, options),
  },
  sessions: { seed: user(), call: ({ users }, n, options) => users.sessions.delete(id(n), options) },
  ticket: {
    once: true,
    call: ({ tickets }, n, options) => tickets.changePassword({ user_id: id(n) }, options),
    fits: (fake, n, data) => data.ticket.startsWith("https://x.example/"),
  },
  import: {
    once: true,
    seed: (fake, n) => fake.addUser({ user_id: `auth0|there-${n}`, email: `there-${email(n)}` }),
    call: ({ jobs }, n, options) =>
      jobs.usersImports.create(
        { users: rows(n), connection_id: "con_1234567890123456", external_id: name(n) },
        options,
      ),
    fits: (fake, n, data) => fake.jobs.has(data.id),
  },
  unlisted: {
    once: true,
    isAdmin: true,
    seed: user(),
    call: (client, n, options) =>
      client.request({ method: "POST", path: ["users", id(n), "roles"], body: role }, options),
  },
  find: {
    seed: user(),
    call: (client, n, options) => client.users.find({ id: id(n) }, options),
    isAdmin: true,
    read: true,
    fits: (fake, n, data) => data?.user_id === id(n),
  },
  "find no one": {
    call: async (client, n, options) => (await client.users.find({ id: id(n) }, options)) === undefined,
    isAdmin: true,
    read: true,
    fits: (fake, n, data) => data === true,
  },
  export: {
    /** What ends the download of a file that is elsewhere has no code. */
    hasNoCode: true,
    isAdmin: true,
    isRare: true,
    async call({ exportUsers }, n, { abortSignal }) {
      const ids = [];
      const options = { pollSeconds: 0.02, deadlineInSeconds: 8, ...(abortSignal && { abortSignal }) };
      for await (const { user_id } of exportUsers(options)) ids.push(user_id);
      return ids.filter((id) => stable.includes(id));
    },
    anyway: (fake, n, ids) => ids.length === stable.length && new Set(ids).size === stable.length,
  },
  "import of rows": {
    once: true,
    isAdmin: true,
    isRare: true,
    /** What is said of each row, and whether the run came to its end. */
    async call({ importUsers }, n, { onUnknown, ...options }) {
      const said = [];
      const all = { connection: "con_1234567890123456", pollSeconds: 0.02, ...options };
      try {
        for await (const { row, status } of importUsers(rows(n), all)) said[row] = status;
        return { said, isWhole: true };
      } catch (error) {
        if (error?.code === "deadline") return { said, isWhole: false };
        throw error;
      }
    },
    anyway: (fake, n, { said, isWhole }) =>
      rows(n).every(({ email = "none" }, row) => {
        const isThere = [...fake.users.values()].some(({ user }) => user.email === email);
        // A row of which nothing is said was not sent.
        if (said[row] == null) return !isWhole && !isThere;
        return said[row] === "unknown" || (said[row] === "ok") === isThere;
      }),
  },
};
export const operations = [
  "users.create users.get users.update users.delete users.list users.listUsersByEmail users.roles.assign",
  "users.roles.delete users.roles.list users.permissions.create users.permissions.delete users.permissions.list",
  "users.identities.link users.identities.delete users.regenerateRecoveryCode users.revokeAccess users.sessions.delete",
  "tickets.changePassword jobs.usersImports.create jobs.get jobs.errors.get",
].flatMap((names) => names.split(" "));

const usual = Object.keys(kinds).filter((name) => !kinds[name].isRare);
const rare = Object.keys(kinds).filter((name) => kinds[name].isRare);
/** Which kind the call of a number is. */
export const kindOf = (n) => (n % 50 === 49 ? pick(rare, n) : pick(usual, n));
