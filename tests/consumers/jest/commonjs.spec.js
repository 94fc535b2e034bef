// Jest as it is without any option: CommonJS, and a function in place of fetch.
const { Management, ManagementClient } = require("auth0-users");

const makeClient = (fetch) => new ManagementClient({ domain: "tenant.eu.auth0.com", token: "t", fetch });

test("a call is sent to the function", async () => {
  const fetch = jest.fn(async () => Response.json({ user_id: "auth0|ana", name: "Ana" }));
  const user = await makeClient(fetch).users.update("auth0|ana", { name: "Ana" });
  expect(user).toEqual({ user_id: "auth0|ana", name: "Ana" });
  const [[url, init]] = fetch.mock.calls;
  expect(url).toBe("https://tenant.eu.auth0.com/api/v2/users/auth0%7Cana");
  expect([init.method, JSON.parse(init.body)]).toEqual(["PATCH", { name: "Ana" }]);
});

test("an answer that refuses is an error of its class", async () => {
  const body = {
    statusCode: 404,
    error: "Not Found",
    message: "The user does not exist.",
    errorCode: "inexistent_user",
  };
  const call = makeClient(async () => Response.json(body, { status: 404 })).users.get("auth0|nobody");
  await expect(call).rejects.toThrow(Management.NotFoundError);
});
