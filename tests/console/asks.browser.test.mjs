// What the console asks before something is lost.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { assertAccessible, pathOf, startConsole, told } from "../helpers/console.mjs";

const app = await startConsole({ after });
const { tenant } = app;

const dialog = (page) => page.getByRole("dialog");
const hasFocus = (page, locator) => locator.and(page.locator(":focus")).waitFor();

for (const { what, tab, button, action, operation, then, focus } of [
  {
    what: "all sessions are ended",
    tab: "sessions",
    button: "End all sessions…",
    action: "End all sessions",
    operation: "users.sessions.delete",
    then: "Not signed in anywhere.",
    focus: "Sessions",
  },
  {
    what: "all devices are signed out",
    tab: "sessions",
    button: "Sign out all devices…",
    action: "Sign out all devices",
    operation: "users.refreshToken.delete",
    then: "No device can sign in again by itself.",
    focus: "Devices with refresh tokens",
  },
  {
    what: "a second factor is removed",
    tab: "security",
    button: "Remove Phone",
    action: "Remove",
    operation: "users.authenticationMethods.delete",
    then: "No second factor is enrolled.",
    focus: "Multi-factor authentication",
  },
  {
    what: "remembered browsers are forgotten",
    tab: "security",
    button: "Forget remembered browsers…",
    action: "Forget them",
    operation: "users.multifactor.invalidateRememberBrowser",
    then: "Every browser asks for a second factor at the next login.",
  },
]) {
  test(`before ${what}, the console asks`, async (t) => {
    const user = await app.newUser(`Ask ${what}`);
    await tenant.control("attach", { user_id: user.user_id, sessions: 2 });
    const method = { type: "phone", name: "Work", phone_number: "+4791234567" };
    await app.api(`${pathOf(user)}/authentication-methods`, { method: "POST", body: method });
    await app.changes();
    const page = await app.open(t, pathOf(user, tab));
    const opener = page.getByRole("button", { name: button });
    await opener.focus();
    await page.keyboard.press("Enter");
    await dialog(page).getByText("cannot be undone").waitFor();
    await assertAccessible(page, `before ${what}`);
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    await hasFocus(page, opener);
    assert.deepEqual(await app.changes(), []);

    await page.keyboard.press("Enter");
    await dialog(page).getByRole("button", { name: action, exact: true }).click();
    await page.getByText(then).waitFor();
    await dialog(page).waitFor({ state: "detached" });
    await hasFocus(page, focus ? page.getByRole("heading", { name: focus, exact: true }) : opener);
    assert.deepEqual(
      (await app.changes()).map(([own]) => own),
      [operation],
    );
  });
}

/** Opens a user from a list, and types into the profile and the metadata. */
async function typed(t, name, options) {
  const user = await app.newUser(name, { user_metadata: { theme: "dark" } });
  const page = await app.open(t, `/?text=${encodeURIComponent(name)}`, options);
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Nickname").fill("Half");
  await page.getByRole("tab", { name: "Metadata" }).click();
  await page.getByRole("textbox", { name: "User metadata" }).fill('{ "theme": "li');
  return { user, page };
}

async function isStillThere(page) {
  await dialog(page).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("textbox", { name: "User metadata" }).inputValue(), '{ "theme": "li');
}

const ask = (page) => dialog(page).getByText("What you have typed is lost then: profile, user metadata.").waitFor();

test("what is typed outlasts another tab of the user", async (t) => {
  const { page } = await typed(t, "Tabea Turn");
  await page.getByRole("tab", { name: "Log" }).click();
  await page.getByText("Nothing has happened yet.").waitFor();
  assert.equal(await page.getByRole("tabpanel").count(), 1);
  await assertAccessible(page, "a tab while another one holds text");
  await page.getByRole("tab", { name: "Metadata" }).click();
  await isStillThere(page);
  await page.getByRole("tab", { name: "Profile" }).click();
  assert.equal(await page.getByLabel("Nickname").inputValue(), "Half");
});

test("before text is left that is not saved, the console asks", async (t) => {
  const { page, user } = await typed(t, "Lea Ving");
  const back = page.getByRole("link", { name: "← Users" });
  const stay = dialog(page).getByRole("button", { name: "Stay" });
  for (const way of [
    back,
    page.getByRole("link", { name: "Users", exact: true }),
    page.getByRole("button", { name: "Sign out" }),
  ]) {
    await way.focus();
    await page.keyboard.press("Enter");
    await ask(page);
    await assertAccessible(page, "before text is left");
    await stay.click();
    await isStillThere(page);
    await hasFocus(page, way);
  }
  await page.goBack();
  await ask(page);
  await page.keyboard.press("Escape");
  await isStillThere(page);
  assert.equal(new URL(page.url()).pathname, pathOf(user));
  const native = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const question = await native;
  assert.equal(question.type(), "beforeunload");
  await question.dismiss();
  await isStillThere(page);

  await page.goBack();
  await ask(page);
  await dialog(page).getByRole("button", { name: "Leave without saving" }).click();
  await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
  await dialog(page).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).searchParams.get("text"), "Lea Ving");
  await page.goForward();
  await page.getByRole("heading", { level: 1, name: "Lea Ving" }).waitFor();
  await back.click();
  await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
  assert.equal(await dialog(page).count(), 0);
});

for (const [way, role, name, then] of [
  ["a link", "link", "← Users", "Users"],
  ["signing out", "button", "Sign out", "Sign in"],
]) {
  test(`text is left by ${way} when that is confirmed`, async (t) => {
    const { page } = await typed(t, `Left ${way}`);
    await page.getByRole(role, { name }).click();
    await dialog(page).getByRole("button", { name: "Leave without saving" }).click();
    await page.getByRole("heading", { level: 1, name: then }).waitFor();
    await dialog(page).waitFor({ state: "detached" });
  });
}

test("nothing is asked where text is saved, taken back, or of a user who is deleted", async (t) => {
  const { page } = await typed(t, "Sava Bell");
  await page.getByRole("button", { name: "Start over" }).first().click();
  await page.getByRole("tab", { name: "Profile" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await told(page, "Nickname changed.");
  await page.getByRole("link", { name: "← Users" }).click();
  await page.getByRole("link", { name: "Sava Bell" }).click();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Nickname").fill("Other");
  await page.getByRole("button", { name: "Delete…" }).click();
  await dialog(page).locator("[name=confirm]").fill("Sava Bell");
  await page.keyboard.press("Enter");
  await told(page, "Sava Bell is deleted.");
  await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
  assert.equal(await dialog(page).count(), 0);
});
