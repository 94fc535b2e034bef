import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";

import { Management, ManagementError, ManagementTimeoutError, isManagementError } from "auth0-users";

import { run } from "../helpers/project.mjs";
import { answer, operations, recorded, rejection, silence } from "./client.mjs";

const once = { maxRetries: 0 };
const withRaw = operations.filter(({ name }) => name !== "list");

/** Long enough for the engine to tell of a rejection that nobody handles, which fails the test. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve));

for (const { name, call } of withRaw) {
  test(`users.${name} gives the data, and with withRawResponse the answer too`, async () => {
    const { users, requests } = recorded();
    const promise = call(users);
    assert.ok(promise instanceof Promise);
    const { data, rawResponse } = await promise.withRawResponse();
    assert.equal(data, await promise);
    assert.equal(requests.length, 1);
    const statuses = { create: 201, delete: 204, regenerateRecoveryCode: 201, revokeAccess: 202 };
    assert.equal(rawResponse.status, statuses[name] ?? 200);
    assert.equal(rawResponse.headers.has("content-type"), data !== undefined);
    assert.deepEqual(Object.keys(rawResponse).sort(), ["headers", "redirected", "status", "statusText", "type", "url"]);
  });

  test(`users.${name}: a failure is handled where it is asked for, and nowhere else`, async () => {
    const { users } = recorded([answer(400, {})]);
    assert.equal((await rejection(call(users).withRawResponse())).statusCode, 400);
    assert.equal((await rejection(call(users))).statusCode, 400);
    const both = call(users);
    const [first, second] = await Promise.all([rejection(both), rejection(both.withRawResponse())]);
    assert.equal(first, second);
    await aMoment();
  });
}

test("a failure that nobody handles is told once, whether or not the answer was asked for", async () => {
  const { stdout } = await run("node", [
    "--input-type=module",
    "--eval",
    `import { ManagementClient } from "auth0-users";
     const told = [];
     process.on("unhandledRejection", ({ name }) => told.push(name));
     const fetch = async () => Response.json({ statusCode: 404 }, { status: 404 });
     const { users } = new ManagementClient({ domain: "tenant.example", token: "t", fetch });
     users.get("x");
     users.get("y").withRawResponse();
     users.list();
     users.get("");
     process.on("exit", () => console.log(JSON.stringify(told.sort())));`,
  ]);
  assert.deepEqual(JSON.parse(stdout), ["NotFoundError", "NotFoundError", "NotFoundError", "TypeError"]);
});

test("what then, catch and finally give is an ordinary promise", async () => {
  const { users } = recorded();
  const promise = users.get("x");
  for (const derived of [promise.then(), promise.catch(() => {}), promise.finally(() => {})]) {
    assert.equal(Object.getPrototypeOf(derived), Promise.prototype);
    await derived;
  }
});

test("data is what the server sent, unknown fields and all", async () => {
  const user = {
    user_id: "auth0|x",
    own: { deep: [1, null, "é🦀"] },
    created_at: "2025-01-01T00:00:00.000Z",
    n: 2 ** 53,
  };
  const { users } = recorded([answer(200, user)]);
  assert.deepEqual(await users.get("x"), user);
});

const classes = {
  400: ["BadRequestError", "bad_request"],
  401: ["UnauthorizedError", "unauthorized"],
  402: ["PaymentRequiredError", "bad_request"],
  403: ["ForbiddenError", "forbidden"],
  404: ["NotFoundError", "not_found"],
  405: ["ManagementError", "bad_request"],
  408: ["ManagementError", "bad_request"],
  409: ["ConflictError", "conflict"],
  410: ["GoneError", "bad_request"],
  412: ["PreconditionFailedError", "bad_request"],
  413: ["ContentTooLargeError", "bad_request"],
  414: ["ManagementError", "bad_request"],
  422: ["UnprocessableEntityError", "bad_request"],
  429: ["TooManyRequestsError", "rate_limited"],
  500: ["InternalServerError", "server"],
  502: ["ManagementError", "server"],
  503: ["ServiceUnavailableError", "server"],
  504: ["GatewayTimeoutError", "server"],
  599: ["ManagementError", "server"],
};

for (const [text, [name, code]] of Object.entries(classes)) {
  const status = Number(text);
  test(`${status} is a ${name} with code ${code}`, async () => {
    const body = { statusCode: status, error: "E", message: "M", errorCode: "some_code" };
    const headers = { "x-correlation-id": "request-1", "retry-after": "0" };
    const { users } = recorded([answer(status, body, headers)], once);
    // Of a change whose answer does not tell, nobody knows whether it was made.
    const isTold = status !== 408 && status < 500;
    for (const { name: method, call } of operations.filter(({ sends }) => isTold || sends.startsWith("GET"))) {
      const error = await rejection(call(users));
      assert.ok(error instanceof (Management[name] ?? ManagementError));
      assert.ok(error instanceof ManagementError && error instanceof Error);
      assert.ok(isManagementError(error));
      assert.equal(error.name, name);
      assert.equal(error.constructor.name, name);
      assert.equal(error.code, code);
      assert.equal(error.statusCode, status);
      assert.equal(error.errorCode, "some_code");
      assert.equal(error.operation, `users.${method}`);
      assert.equal(error.attempts, 1);
      assert.equal(error.requestId, "request-1");
      assert.deepEqual(error.body, body);
      assert.equal(error.rawResponse.status, status);
      assert.match(error.message, new RegExp(`^users\\.${method} .*\\(${status} some_code\\)$`));
      assert.ok(error.stack.includes(error.message));
    }
  });
}

test("there is a class for every status of the official client, and no other", () => {
  const named = Object.values(classes).map(([name]) => name);
  assert.deepEqual(
    Object.keys(Management).sort(),
    [...new Set(named)].filter((name) => name !== "ManagementError").sort(),
  );
});

test("other values are no ManagementError", () => {
  for (const value of [undefined, null, 42, "error", {}, new Error("error"), Object.create(null), () => {}]) {
    assert.equal(isManagementError(value), false);
  }
});

test("an error of another copy of the package is recognised", async () => {
  const { users } = recorded([answer(404, {})]);
  const error = await rejection(users.get("x"));
  const mark = Object.getOwnPropertySymbols(ManagementError.prototype).find((symbol) => Symbol.keyFor(symbol));
  assert.ok(isManagementError(Object.defineProperty(new Error(), mark, { value: error[mark] })));
});

test("an error can be made for a test of one's own", () => {
  const error = new Management.NotFoundError({ message: "gone", statusCode: 404, code: "not_found", body: { a: 1 } });
  assert.equal(error.message, "gone");
  assert.equal(error.statusCode, 404);
  assert.deepEqual(error.body, { a: 1 });
  assert.equal(String(new ManagementError()), "ManagementError");
});

for (const [name, text, headers] of [
  ["a page of HTML", "<html>502</html>", { "content-type": "text/html" }],
  ["a text that calls itself JSON", "not json", { "content-type": "application/json" }],
  ["half a JSON text", '{"statusCode":500', { "content-type": "application/json" }],
  ["no content type", "oops", {}],
]) {
  test(`an error with ${name} keeps its status and its text`, async () => {
    const { users } = recorded([answer(502, text, headers)], once);
    const error = await rejection(users.get("x"));
    assert.equal(error.statusCode, 502);
    assert.equal(error.code, "bad_response");
    assert.equal(error.body, text);
    assert.equal(error.errorCode, undefined);
  });
}

for (const type of [
  "application/json; charset=utf-8",
  "application/problem+json",
  "APPLICATION/JSON;charset=UTF-8",
  "text/plain",
  undefined,
]) {
  test(`JSON sent as ${type} is read as JSON, in a success and in an error`, async () => {
    const headers = type === undefined ? {} : { "content-type": type };
    const { users } = recorded([
      answer(200, '{"user_id":"x"}', headers),
      answer(404, '{"statusCode":404,"errorCode":"c"}', headers),
    ]);
    assert.deepEqual(await users.get("x"), { user_id: "x" });
    assert.equal((await rejection(users.get("x"))).errorCode, "c");
  });
}

test("an error without a body has a status and no body", async () => {
  const { users } = recorded([answer(401)]);
  const error = await rejection(users.get("x"));
  assert.equal(error.statusCode, 401);
  assert.equal(error.body, undefined);
});

for (const body of [null, 7, "text in quotes", [1], { errorCode: 7 }, { errorCode: null }]) {
  test(`an error whose body is ${JSON.stringify(body)} has it, and no errorCode`, async () => {
    const { users } = recorded([answer(400, JSON.stringify(body))]);
    const error = await rejection(users.get("x"));
    assert.deepEqual(error.body, body);
    assert.equal(error.errorCode, undefined);
    assert.match(error.message, /\(400\)$/);
  });
}

for (const [name, body] of [
  ["HTML", "<html></html>"],
  ["half a JSON text", '{"user_id":'],
  ["nothing", undefined],
  ["an array", "[]"],
  ["a string", '"x"'],
  ["null", "null"],
]) {
  test(`a success with ${name} where a user is promised is an error with that text`, async () => {
    const { users, requests } = recorded([answer(200, body)]);
    const changes = [users.create({}), users.update("x"), users.regenerateRecoveryCode("x")];
    for (const [promise, code] of [
      [users.get("x"), "bad_response"],
      ...changes.map((promise) => [promise, "outcome_unknown"]),
    ]) {
      const error = await rejection(promise);
      assert.equal(error.code, code);
      assert.equal(error.statusCode, 200);
      assert.equal(error.attempts, 1);
      const isJson = !["HTML", "half a JSON text", "nothing"].includes(name);
      assert.deepEqual(error.body, isJson ? JSON.parse(body) : body);
    }
    assert.equal(requests.length, 4);
  });
}

test("a success that holds no array is an error of listUsersByEmail", async () => {
  for (const body of ["{}", "null", "", '{"users":[]}']) {
    const { users } = recorded([answer(200, body)]);
    assert.equal((await rejection(users.listUsersByEmail({ email: "a@b.c" }))).code, "bad_response");
  }
});

test("delete and revokeAccess give undefined for a success with JSON or nothing", async () => {
  for (const reply of [answer(204), answer(202, {}), answer(200, ""), answer(202, "null")]) {
    const { users } = recorded([reply]);
    assert.equal(await users.delete("x"), undefined);
    assert.equal(await users.revokeAccess("x"), undefined);
  }
  for (const body of ["<html>", '{"message":"Scheduled maintenance"}', '{"statusCode":500}', '{"error":"login"}']) {
    const { users } = recorded([answer(200, body)]);
    for (const call of [users.delete("x"), users.revokeAccess("x"), users.roles.assign("x", { roles: ["r"] })]) {
      assert.equal((await rejection(call)).code, "outcome_unknown", body);
    }
  }
  const { users } = recorded([answer(200, '{"statusCode":503,"message":"x"}')]);
  assert.equal((await rejection(users.update("x", { name: "n" }))).code, "outcome_unknown");
  assert.equal((await rejection(users.get("x"))).code, "bad_response");
});

/** Answers with the status of an error, none of them in the API's form. */
const foreign = [
  [404, "<html>"],
  [404, undefined],
  [404, "{}"],
  [404, '{"statusCode":"404","error":"Not Found"}'],
  [404, '{"statusCode":400,"errorCode":"inexistent_user"}'],
  [404, '[{"statusCode":404}]'],
  [401, '{"error":"unauthorized"}'],
  [403, '{"errorCode":"invalid_csrf_token"}'],
  [409, "conflict"],
  [429, "slow down"],
  [502, '{"errorCode":"upstream_failure"}'],
];

for (const [status, body] of foreign) {
  test(`${status} with ${body ?? "no body"} is no answer of the API`, async () => {
    const { users, requests } = recorded([answer(status, body)], once);
    for (const { name, call, sends } of operations) {
      const error = await rejection(call(users));
      const isRead = sends.startsWith("GET");
      assert.equal(error.code, isRead ? "bad_response" : "outcome_unknown", name);
      assert.equal(error.name, isRead ? "ManagementError" : "OutcomeUnknownError", name);
      assert.equal(error.statusCode, status);
      assert.equal("errorCode" in error, false);
      assert.notEqual(error.body === undefined, body !== undefined);
    }
    assert.equal(requests.length, operations.length);
  });
}

for (const status of [301, 302, 303, 307, 308, 304]) {
  test(`${status} is refused and not followed`, async () => {
    const { users, requests } = recorded([answer(status, undefined, { location: "https://elsewhere.example/" })]);
    for (const { call, sends } of operations) {
      const error = await rejection(call(users));
      assert.equal(error.code, sends.startsWith("GET") ? "bad_response" : "outcome_unknown");
      assert.equal(error.statusCode, status);
    }
    assert.equal(requests.length, operations.length);
  });
}

test("a redirect as browsers hide it has no status at all", async () => {
  const hidden = () => Object.defineProperties(Response.error(), { type: { value: "opaqueredirect" } });
  const { users } = recorded([hidden]);
  for (const [call, code] of [
    [users.get("x"), "bad_response"],
    [users.delete("x"), "outcome_unknown"],
  ]) {
    const error = await rejection(call);
    assert.equal(error.code, code);
    assert.equal("statusCode" in error, false);
  }
});

test("a network failure has a cause and no status", async () => {
  const cause = new TypeError("fetch failed");
  const { users } = recorded([() => Promise.reject(cause)], once);
  for (const { name, call, sends } of operations) {
    const error = await rejection(call(users));
    assert.ok(error instanceof ManagementError);
    assert.equal(error.code, sends.startsWith("GET") ? "network" : "outcome_unknown");
    assert.equal(error.cause, cause);
    assert.equal(error.operation, `users.${name}`);
    for (const absent of ["statusCode", "errorCode", "requestId", "retryAfterMs"]) assert.equal(absent in error, false);
    assert.equal(error.body, undefined);
    assert.equal(error.rawResponse, undefined);
  }
});

test("a fetch that throws, or rejects with something that is no error, is a network failure", async () => {
  for (const cause of ["text", undefined, null, 0]) {
    const throws = () => {
      throw cause;
    };
    for (const fetch of [throws, async () => throws()]) {
      const error = await rejection(recorded([fetch], once).users.get("x"));
      assert.ok(error instanceof ManagementError);
      assert.equal(error.code, "network");
      assert.equal(error.cause, cause);
    }
  }
});

test("a fetch that gives something that is no response is an error", async () => {
  for (const value of [undefined, null, 42, "text", {}, [], { status: 200 }, { status: "200", text: () => "" }]) {
    const { users } = recorded([() => value], once);
    const error = await rejection(users.get("x"));
    assert.ok(error instanceof ManagementError, inspect(value));
    assert.equal(error.operation, "users.get");
  }
});

test("a body that breaks off is a network failure with the status that came", async () => {
  const broken = () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"user_id":'));
          controller.error(new Error("gone"));
        },
      }),
    );
  const error = await rejection(recorded([broken], once).users.get("x"));
  assert.equal(error.code, "network");
  assert.equal(error.cause.message, "gone");
});

test("neither a body nor a token shows in what is logged", async () => {
  const secret = "s3cr3t-token";
  const body = { message: "personal data of ana@example.com", errorCode: "c" };
  const { client, users } = recorded([answer(400, body)], { token: secret });
  const error = await rejection(users.update("x", { email: "private@example.com" }));
  const late = await rejection(recorded([silence], { token: secret }).users.get("x", {}, { timeoutInSeconds: 0.01 }));
  assert.ok(late instanceof ManagementTimeoutError);
  const shown = [client, users, error, late].flatMap((value) => [
    inspect(value, { depth: 9, showHidden: false }),
    JSON.stringify(value),
    String(value),
  ]);
  shown.push(error.stack, late.stack, inspect(client, { depth: 9, showHidden: true }));
  for (const text of shown) {
    assert.ok(!text.includes(secret), text);
    assert.ok(!text.includes("@example.com"), text);
  }
  assert.deepEqual(JSON.parse(JSON.stringify(error)), {
    name: "BadRequestError",
    message: "users.update was refused by the server (400 c)",
    code: "bad_request",
    operation: "users.update",
    attempts: 1,
    statusCode: 400,
    errorCode: "c",
  });
});

test("the stack of an error begins where the call was made", async () => {
  const { users } = recorded([answer(404, {})]);
  async function whereItIsCalled() {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return users.get("x");
  }
  const { stack, message } = await rejection(whereItIsCalled());
  const [first, ...frames] = stack.split("\n");
  assert.equal(first, `NotFoundError: ${message}`);
  assert.ok(
    frames.slice(0, 4).some((frame) => frame.includes("whereItIsCalled")),
    stack,
  );
  assert.ok(!stack.includes("wasm"), stack);
});

test("an answer that throws when it is read is an error, and nothing hangs", async () => {
  const thrower = (name) => {
    const fields = { status: 200, headers: new Headers(), text: async () => "{}" };
    return Object.defineProperty(fields, name, { get: () => assert.fail(name), enumerable: true });
  };
  for (const name of ["status", "headers", "text"]) {
    const { users } = recorded([() => thrower(name)], once);
    assert.ok((await rejection(users.get("x").withRawResponse())) instanceof Error, name);
    assert.ok((await rejection(users.list())) instanceof Error, name);
  }
  // What only describes the answer does not make a success a failure.
  for (const name of ["redirected", "statusText", "type", "url"]) {
    const { users } = recorded([() => thrower(name)], once);
    const { data, rawResponse } = await users.get("x").withRawResponse();
    assert.deepEqual([data, rawResponse.status, rawResponse[name]], [{}, 200, undefined]);
  }
});
