import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import puppeteer from "puppeteer-core";

import { PATIENCE_MS } from "./patience.mjs";
import { project } from "./project.mjs";

/** Where Firefox is, if it is anywhere. */
export const firefox = process.env.FIREFOX_BIN;

/** Starts Firefox, driven over WebDriver BiDi, for a test or with `{ after }` for a whole file; it ends with it. */
export async function startFirefox(context) {
  // Besides its profile, which puppeteer puts elsewhere, it writes into the home.
  const home = join(project, "../firefox-home");
  await mkdir(home, { recursive: true });
  const env = { ...process.env, HOME: home };
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, env, timeout: PATIENCE_MS });
  context.after(() => browser.close());
  return browser;
}
