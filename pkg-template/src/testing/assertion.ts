// Verifies the signatures of client assertions in token requests. The module has no code for that.

import type { Core } from "../wasm/tenant/glue.js";
import { decode, encode, fromBase64, NEWLINE } from "./bytes.ts";

const algorithms: Readonly<Record<string, (RsaHashedImportParams & Partial<RsaPssParams>) | undefined>> = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  RS384: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  PS256: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
};

/** Verifies the signature of the assertion in the body of a token request. */
export async function verifyAssertion(core: Core, body: Uint8Array, now: number): Promise<boolean> {
  const described = core.assertion(body, now) as Uint8Array<ArrayBuffer>;
  if (described.length === 0) return false;
  // Three lines, then the signature.
  let end = -1;
  for (let line = 0; line < 3; line++) end = described.indexOf(NEWLINE, end + 1);
  const [algorithm = "", pem = "", signed = ""] = decode(described.subarray(0, end)).split("\n");
  const scheme = algorithms[algorithm];
  if (!scheme) return false;
  try {
    const der = fromBase64(pem.replace(/-----[A-Z ]+-----/g, ""));
    const key = await crypto.subtle.importKey("spki", der, scheme, false, ["verify"]);
    return await crypto.subtle.verify(scheme, key, described.subarray(end + 1), encode(signed));
  } catch {
    return false;
  }
}
