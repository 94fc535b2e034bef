"use client";

import * as auth0 from "auth0-users";
import { createTenant } from "auth0-users/testing";
import { useEffect } from "react";

import { suite } from "./suite.mjs";

export default function Page() {
  useEffect(() => {
    suite(auth0, createTenant({ users: 9 })).then(globalThis.report, (error) => globalThis.report(String(error)));
  }, []);
  return <p>The suite</p>;
}
