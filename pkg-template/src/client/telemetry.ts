// What the header `Auth0-Client` tells.

import { check } from "./argument-errors.ts";
import { base64Url } from "./base64-url.ts";
import { isWorkerd } from "./engine.ts";
import { globalValue } from "./objects.ts";

/** The runtime and its version, where it is no browser: those would ask the server first if a header may be sent. */
function environment(): object | undefined {
  const [bun, deno] = [globalValue("Bun"), globalValue("Deno")];
  if (bun) return { bun: bun.version };
  if (deno) return { deno: deno.version.deno };
  if (isWorkerd()) return { "cloudflare-workers": "" };
  const node = globalValue("process")?.versions?.node;
  return node && !globalValue("document") ? { node } : undefined;
}

/** Returns the header that tells Auth0 what calls it, as its own packages do. */
export function telemetryHeader(telemetry: boolean | undefined, clientInfo: object | undefined, version: string) {
  const env = environment();
  if (telemetry === false || !(env || clientInfo)) return {};
  const info = JSON.stringify(clientInfo ?? { name: "auth0-users", version, env });
  check(/^[ -~]*$/.test(info), "clientInfo must hold ASCII text only");
  return { "auth0-client": base64Url(info) };
}
