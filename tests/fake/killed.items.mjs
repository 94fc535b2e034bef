export const connectionId = "con_1234567890123456";

export const idOf = (n) => `auth0|call-${n}`;

/** A row of an import: so large that four of them make a file. Each tenth has no email, which the API refuses. */
export function rowOf(n) {
  const email = n % 10 === 7 ? {} : { email: `call-${n}@example.com` };
  return { ...email, name: `call-${n}`, user_metadata: { filling: "x".repeat(110_000) } };
}
