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
    await tenant.control("give", { user_id: user.user_id, sessions: 2 });
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
