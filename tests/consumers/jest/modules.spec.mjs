// With the tenant, which is an ES module: `NODE_OPTIONS=--experimental-vm-modules npx jest`.
import * as auth0 from "auth0-users";
import { createTenant } from "auth0-users/testing";

import { expected, suite } from "./suite.mjs";

test("the suite", async () => {
  expect(await suite(auth0, createTenant({ users: 9 }))).toEqual(expected);
});
