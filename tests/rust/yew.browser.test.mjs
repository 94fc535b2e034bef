// The example of a Rust program that uses the crate: what people see of it in Chromium, and what is in its module.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";

import { serve } from "../../examples/yew/server.mjs";
import { startBrowser } from "../helpers/browser.mjs";
import { PATIENCE_MS } from "../helpers/patience.mjs";
import { project } from "../helpers/project.mjs";
import { startTenant } from "../helpers/tenant.mjs";

const site = process.env.AUTH0_USERS_EXAMPLE;
if (!site) throw new Error("AUTH0_USERS_EXAMPLE is not set; run the tests with `cargo xtask test`");

const { baseUrl, token, control } = await startTenant({ after }, "--users", "45");
const rights = { reader: { "users.list": true, "users.get": true }, lister: { "users.list": true } };
const server = await serve({
  site,
  baseUrl,
  token,
  authorize: (request) => /actor=(\w+)/.exec(request.headers.get("cookie"))?.[1] ?? null,
  allow: (actor) => rights[actor],
});
after(() => server.close());
const browser = await startBrowser({ after });

/** The API itself, past the proxy. */
async function api(path, method = "GET") {
  const response = await fetch(baseUrl + path, { method, headers: { authorization: `Bearer ${token}` } });
  return response.status === 204 ? undefined : response.json();
}

/** Opens the page as somebody; whatever its code does not catch fails the test. */
async function open(t, actor) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const signIn = (name) => context.addCookies([{ name: "actor", value: name, url: server.url }]);
  if (actor) await signIn(actor);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  t.after(() => assert.deepEqual(errors, []));
  await page.goto(server.url);
  const details = page.getByRole("region", { name: "Details" });
  return {
    page,
    details,
    signIn,
    press: (name) => page.getByRole("button", { name, exact: true }).click(),
    /** Waits until the list goes so far, and gives its names. */
    async names(status) {
      await page.getByRole("status").getByText(status, { exact: true }).waitFor();
      return page.getByRole("listitem").allTextContents();
    },
    alert: (within = page) => within.getByRole("alert").textContent(),
  };
}

const sorted = () => api("/users?per_page=100&sort=created_at:1");
const namesOf = (users) => users.map(({ name }) => name);

test("the list is shown page by page, each loaded when it is asked for", async (t) => {
  const users = namesOf(await sorted());
  await control("journal", undefined, "DELETE");
  const { names, press, page } = await open(t, "reader");
  const sent = async () => (await control("journal")).map(({ path, query }) => path + (query ?? ""));

  assert.deepEqual(await names("20 of 45 users"), users.slice(0, 20));
  assert.equal((await sent()).length, 1);
  await press("Show more");
  assert.deepEqual(await names("40 of 45 users"), users.slice(0, 40));
  await press("Show more");
  assert.deepEqual(await names("45 of 45 users"), users);
  assert.equal((await sent()).length, 3);
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
});

test("a user is shown with what is known of them", async (t) => {
  const users = await sorted();
  const withEmail = users.find(({ email, logins_count: logins }) => email && logins);
  const withPhone = users.find(({ email, phone_number: phone }) => !email && phone);
  const { names, press, page, details } = await open(t, "reader");
  await names("20 of 45 users");
  for (const user of [withEmail, withPhone]) {
    await press(user.name);
    await details.getByRole("heading", { name: user.name, exact: true }).waitFor();
    const terms = await details.getByRole("term").allTextContents();
    const texts = await details.getByRole("definition").allTextContents();
    assert.deepEqual(
      terms.map((term, n) => [term, texts[n]]),
      [
        ["Id", user.user_id],
        ["Email", user.email],
        ["State", user.blocked ? "blocked" : user.email_verified ? "active" : "email not verified"],
        ["Connections", user.identities.map(({ connection }) => connection).join(", ")],
        ["Logins", user.logins_count && String(user.logins_count)],
      ].filter(([, text]) => text !== undefined),
    );
    assert.equal(await page.locator("[aria-current=true]").textContent(), user.name);
  }
});

test("what fails is told in words", async (t) => {
  await t.test("there is no such user any more", async (t) => {
    const { names, press, alert, details } = await open(t, "reader");
    await names("20 of 45 users");
    const gone = (await sorted())[7];
    await api(`/users/${encodeURIComponent(gone.user_id)}`, "DELETE");
    await press(gone.name);
    assert.equal(await alert(details), "This user does not exist any more.");
  });

  await t.test("one may list, but not look", async (t) => {
    const { names, press, alert, details } = await open(t, "lister");
    const [first] = await names("20 of 44 users");
    await press(first);
    assert.equal(await alert(details), "You do not have permission to see this.");
  });

  await t.test("nobody is signed in, until somebody is", async (t) => {
    const { names, press, alert, signIn } = await open(t);
    assert.equal(await alert(), "You are not signed in.");
    await signIn("reader");
    await press("Try again");
    assert.equal((await names("20 of 44 users")).length, 20);
  });
});

const files = (await readdir(site, { recursive: true })).sort();

test("none of our scripts comes with it", () => {
  assert.deepEqual(files, [
    "auth0-users-yew.d.ts",
    "auth0-users-yew.js",
    "auth0-users-yew_bg.wasm",
    "auth0-users-yew_bg.wasm.d.ts",
    "index.html",
  ]);
});

test("the example contains nothing of the npm package's bindings", async () => {
  // The bindings consist of their exports and of the functions that they import.
  const directory = new URL("../../pkg-template/src/client/", import.meta.url);
  const scripts = (await readdir(directory)).filter((name) => name.endsWith(".ts"));
  const sources = await Promise.all(scripts.map((name) => readFile(new URL(name, directory), "utf8")));
  const imported = sources
    .flatMap((source) => [...source.matchAll(/^export (?:const|function|class) (\w+)/gm)])
    .map(([, name]) => name)
    .filter((name) => /[a-z][A-Z]/.test(name)); // others are words that mean something elsewhere too
  assert.ok(imported.includes("clientOptions"));
  const names = ["Core", "PageCursor", ...Object.keys(await import("auth0-users")), ...imported];
  assert.ok(names.includes("ManagementClient"));
  for (const file of files.filter((name) => /\.(js|ts)$/.test(name))) {
    const text = await readFile(join(site, file), "utf8");
    assert.deepEqual(
      names.filter((name) => new RegExp(`\\b${name}\\b`).test(text)),
      [],
      file,
    );
  }
});

test("its module exports nothing of ours", async () => {
  const exportsOf = async (file) =>
    WebAssembly.Module.exports(new WebAssembly.Module(await readFile(file))).map(({ name }) => name);
  // Before wasm-bindgen is through with it, each name of ours has a hash behind it.
  const ours = (await exportsOf(join(project, "../npm-modules/users.wasm")))
    .map((name) => /^(\w+)_[0-9a-f]{16}$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
  assert.ok(ours.includes("core_call"));
  const exported = await exportsOf(join(site, "auth0-users-yew_bg.wasm"));
  assert.ok(exported.includes("memory"));
  assert.deepEqual(
    exported.filter((name) => ours.includes(name)),
    [],
  );
});
