import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { PATIENCE_MS } from "./patience.mjs";

/** The project that has nothing but the packed package installed. */
export const project = process.env.AUTH0_USERS_PROJECT;
if (!project) throw new Error("AUTH0_USERS_PROJECT is not set; run the tests with `cargo xtask test`");

/** Runs a program to its end, in the project unless told otherwise, and returns what it wrote. */
export async function run(program, args, options = {}) {
  try {
    return await promisify(execFile)(program, args, { cwd: project, timeout: PATIENCE_MS, ...options });
  } catch (error) {
    const { message, stdout } = error;
    throw Object.assign(new Error(`${message}\n${stdout}`), { stdout });
  }
}
