// The same package from CommonJS. Compiled, never run.
import auth0 = require("auth0-users");
import server = require("auth0-users/proxy");

const client: auth0.ManagementClient = new auth0.ManagementClient({ domain: "tenant.example", token: "token" });
const user: Promise<auth0.User> = client.users.get("auth0|1");

server.createProxy({ client, authorize: () => "ana", allow: { "users.list": true }, csrf: false });

export = user;
