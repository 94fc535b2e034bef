import * as auth0 from "auth0-users";

import { suite } from "../../suite.mjs";

export const runtime = "edge";

/** The tenant is a server: there is no compiling of WebAssembly here, which that of `auth0-users/testing` needs. */
export async function POST(request) {
  return Response.json(await suite(auth0, await request.json()));
}
