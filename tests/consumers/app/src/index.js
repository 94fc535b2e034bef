// What every bundler gets, for pages and for Node.js.
import * as auth0 from "auth0-users";
import { createTenant } from "auth0-users/testing";

import { suite } from "./suite.mjs";

const report = globalThis.report ?? ((result) => console.log(JSON.stringify(result)));
suite(auth0, createTenant({ users: 9 })).then(report, (error) => report(String(error)));
