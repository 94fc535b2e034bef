import * as auth0 from "auth0-users";
import { createTenant } from "auth0-users/testing";
import { expect, test } from "vitest";

import { expected, suite } from "./suite.mjs";

test("the suite", async () => {
  expect(await suite(auth0, createTenant({ users: 9 }))).toEqual(expected);
});
