import * as auth0 from "auth0-users";
import { createTenant } from "auth0-users/testing";

import { suite } from "../../suite.mjs";

export async function POST() {
  return Response.json(await suite(auth0, createTenant({ users: 9 })));
}
