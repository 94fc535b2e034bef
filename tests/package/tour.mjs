/**
 * Calls each of the eight operations once, and tells what came of it. Runs wherever JavaScript runs.
 *
 * @param {typeof import("auth0-users")} auth0 the package, however it was loaded
 * @param {{ baseUrl: string, token: string }} tenant
 */
export async function tour({ ManagementClient, Management, isManagementError }, { baseUrl, token }) {
  const { users } = new ManagementClient({ baseUrl, token });
  const connection = "Username-Password-Authentication";
  const email = "tour@example.com";
  const { user_id: id } = await users.create({ connection, email, password: "Correct-Horse-7-Battery" });
  const updated = await users.update(id, { user_metadata: { plan: "pro" } });
  const found = await users.listUsersByEmail({ email });
  const page = await users.list({ per_page: 2 });
  const code = await users.regenerateRecoveryCode(id);
  await users.revokeAccess(id, {});
  await users.delete(id);
  const gone = await users.get(id).catch((error) => error);
  return {
    updated: updated.user_metadata,
    found: found.map((user) => user.user_id === id),
    page: page.data.length,
    more: page.hasNextPage(),
    code: typeof code.recovery_code,
    gone: gone instanceof Management.NotFoundError && isManagementError(gone) && gone.statusCode,
  };
}

/** What the tour tells when everything works. */
export const expected = { updated: { plan: "pro" }, found: [true], page: 2, more: true, code: "string", gone: 404 };
