// Statements of who an application is, signed with its private key.

import { check, invalidArgument } from "./argument-errors.ts";
import { base64Url } from "./base64-url.ts";
import { own, record } from "./objects.ts";

/** What WebCrypto calls the algorithms of an assertion. */
const algorithms = record({
  RS256: record({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }),
  RS384: record({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" }),
  PS256: record({ name: "RSA-PSS", hash: "SHA-256", saltLength: 32 }),
});

/** The algorithms of an assertion. */
export const ALGORITHMS: readonly string[] = Object.keys(algorithms);

/** Reads the bytes of a private key. */
export function privateKey(pem: string): Uint8Array<ArrayBuffer> {
  // Environment variables often hold line ends as they are written in a string.
  const text = pem.replace(/\\r|\\n|\s/g, " ");
  const [, label = "no PEM"] = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text) ?? [];
  const [, content = "-"] = /-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----/.exec(text) ?? [];
  let der = "";
  try {
    der = atob(content.replaceAll(" ", ""));
  } catch {}
  // A sequence, whole, in which the algorithm is rsaEncryption.
  const isWhole = der.startsWith("\x30\x82") && der.charCodeAt(2) * 256 + der.charCodeAt(3) === der.length - 4;
  check(
    label === "PRIVATE KEY" && isWhole && der.slice(0, 32).includes("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"),
    `clientAssertionSigningKey must be an RSA private key as PEM in PKCS #8, which begins with "BEGIN PRIVATE KEY"; ` +
      `this is ${label === "PRIVATE KEY" ? "cut off, or no RSA key" : label}. ` +
      "Convert an RSA key with: openssl pkcs8 -topk8 -nocrypt -in key.pem",
  );
  return Uint8Array.from(der, (char) => char.charCodeAt(0));
}

/** Makes a signed statement of who the application is, good for three minutes. */
export async function assertion(
  clientId: string,
  domain: string,
  key: Uint8Array<ArrayBuffer>,
  alg = "RS256",
): Promise<string> {
  const algorithm = own(algorithms, alg) as (typeof algorithms)[keyof typeof algorithms];
  const signingKey = await crypto.subtle.importKey("pkcs8", key, algorithm, false, ["sign"]).catch((cause: unknown) => {
    throw Object.assign(invalidArgument("clientAssertionSigningKey is not a key that can sign"), { cause });
  });
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: `https://${domain}/`, iat: now, exp: now + 180 };
  const encode = (bytes: Uint8Array) => base64Url(String.fromCharCode(...bytes));
  const json = (value: object) => encode(new TextEncoder().encode(JSON.stringify(value)));
  const signed = `${json({ alg })}.${json({ ...claims, jti: crypto.randomUUID() })}`;
  const signature = await crypto.subtle.sign(algorithm, signingKey, new TextEncoder().encode(signed));
  return `${signed}.${encode(new Uint8Array(signature))}`;
}
