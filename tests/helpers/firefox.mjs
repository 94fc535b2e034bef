import puppeteer from "puppeteer-core";

/** Where Firefox is, if it is anywhere. */
export const firefox = process.env.FIREFOX_BIN;

/** Starts Firefox, driven over WebDriver BiDi, for a test or with `{ after }` for a whole file; it ends with it. */
export async function startFirefox(context) {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, timeout: 60_000 });
  context.after(() => browser.close());
  return browser;
}
