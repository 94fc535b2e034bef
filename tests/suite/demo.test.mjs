import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { project, run } from "../helpers/project.mjs";
import { startTenant } from "../helpers/tenant.mjs";

test("the transcript of the demo finds everything as it says", async (t) => {
  const { baseUrl, token } = await startTenant(t);
  await copyFile(new URL("../../www/demo.mjs", import.meta.url), join(project, "demo.mjs"));
  await run("node", ["demo.mjs"], { env: { ...process.env, AUTH0_USERS_BASE_URL: baseUrl, AUTH0_USERS_TOKEN: token } });
});
