// WebKitGTK, without a bundler: the whole suite in a page and in workers.
import test, { after } from "node:test";

import { driver, runInWebKit, startWebKit } from "../helpers/webkit.mjs";
import { files, inPage, inServiceWorker, inWorker, passes, serviceWorkerFiles, workerFiles } from "./pages.mjs";
import { server } from "./setup.mjs";

const skip = driver ? false : "WebKit is not here; put WebKitWebDriver and Xvfb on the PATH";
const command = driver && (await startWebKit({ after }));

test("a page", { skip }, async (t) => {
  passes(await runInWebKit(t, command, inPage(await server(t)), files));
});

test("a module worker", { skip }, async (t) => {
  passes(await runInWebKit(t, command, inWorker, workerFiles(await server(t))));
});

test("a service worker", { skip }, async (t) => {
  passes(await runInWebKit(t, command, inServiceWorker, serviceWorkerFiles(await server(t))));
});
