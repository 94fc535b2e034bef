// Firefox, without a bundler: the whole suite in a page and in workers.
import test, { after } from "node:test";

import { runInPage } from "../helpers/browser.mjs";
import { firefox, startFirefox } from "../helpers/firefox.mjs";
import { files, inPage, inServiceWorker, inWorker, passes, serviceWorkerFiles, workerFiles } from "./pages.mjs";
import { server } from "./setup.mjs";

const skip = firefox ? false : "Firefox is not here; put it on the PATH or name it in FIREFOX_BIN";
const browser = firefox && (await startFirefox({ after }));

/** What Firefox writes for developers when an answer of the tenant in the page breaks off, as the suite orders. */
const expected =
  /^Failed to read data from the ReadableStream: “(TypeError: terminated|AbortError: .*|Error: mine)”\.$/;

test("a page", { skip }, async (t) => {
  passes(await runInPage(t, browser, inPage(await server(t)), { files, expected }));
});

test("a module worker", { skip }, async (t) => {
  passes(await runInPage(t, browser, inWorker, { files: workerFiles(await server(t)), expected }));
});

test("a service worker", { skip }, async (t) => {
  passes(await runInPage(t, browser, inServiceWorker, { files: serviceWorkerFiles(await server(t)), expected }));
});
