// Who may sign in to the console's server.
import assert from "node:assert/strict";
import test from "node:test";

import { Operators } from "../../www/server/operators.mjs";

test("only the password of an operator signs in, whatever else is sent", () => {
  const operators = new Operators();
  const [[operator, password]] = Object.entries(operators.passwords);
  const others = ["", "é", "é".repeat(64), "\ud800", `${password} `, password.padEnd(64), "x".repeat(1_000_000)];
  for (const given of [...others, undefined, null, 7, [password], { toString: 1 }]) {
    assert.equal(operators.signIn(operator, given), undefined);
  }
  for (const name of ["__proto__", "toString", "", undefined, null, [operator], { toString: 1 }]) {
    assert.equal(operators.signIn(name, password), undefined);
  }
  const session = operators.signIn(operator, password);
  assert.equal(operators.session(`theme=dark; session=${session.key}`), session);
  operators.signOut(session);
  assert.equal(operators.session(`session=${session.key}`), undefined);
});

test("a header of many cookies is searched in linear time", () => {
  const operators = new Operators();
  // A search that begins anew at each of them would take 10^10 steps.
  for (const part of ["; session=", "; session", "session=;", "; "]) {
    assert.equal(operators.session(part.repeat(100_000)), undefined);
  }
});
