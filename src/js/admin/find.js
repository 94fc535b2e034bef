// One user by what is unique, or nobody.

import { isManagementError } from "auth0-users";

import { check, isText } from "./check.js";

/** What `read` gives, or undefined where the server has nothing. */
export async function found(read) {
  try {
    return await read;
  } catch (error) {
    if (isManagementError(error) && error.statusCode === 404) return undefined;
    throw error;
  }
}

export async function find({ users }, by, options) {
  const id = by?.id;
  check(isText(id), 'by must be an object such as { id: "auth0|123" }');
  return found(users.get(id, undefined, options));
}
