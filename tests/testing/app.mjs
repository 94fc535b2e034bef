// A little of what an application does with users, for the examples to test.

/** Blocks the user with this address and ends its sessions. */
export async function deactivate(client, email) {
  const [user] = await client.users.listUsersByEmail({ email });
  if (!user) throw new Error(`Nobody has the address ${email}`);
  await client.users.update(user.user_id, { blocked: true });
  await client.users.sessions.delete(user.user_id);
}
