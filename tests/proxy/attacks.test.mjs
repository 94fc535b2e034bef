// What must not get through. Each case is refused in the shape of the API's errors, and nothing reaches the API.
import assert from "node:assert/strict";
import test, { after } from "node:test";

import { operations } from "../helpers/api.mjs";
import {
  actors,
  base,
  createProxy,
  optionsFor,
  origin,
  recorder,
  serve,
  signedIn,
  upstreamToken,
  write,
} from "./setup.mjs";

const upstream = recorder();
const proxy = createProxy(optionsFor(upstream));
let cases = 0;

function refused(status, errorCode, answer, body) {
  assert.equal(status, answer, JSON.stringify(body));
  const { statusCode, error, message, ...rest } = body;
  assert.equal(statusCode, status);
  assert.ok(error.length > 0 && message.length > 0);
  assert.deepEqual(rest, { errorCode });
  assert.deepEqual(upstream.requests.splice(0), [], "something reached the API");
  assert.ok(!JSON.stringify(body).includes(upstreamToken));
}

/** A request that a runtime has parsed. */
function attack(status, errorCode, name, path, { method = "GET", headers, body, ...init } = {}) {
  cases++;
  test(`${status} ${errorCode}: ${name}`, async () => {
    headers ??= method === "GET" ? signedIn() : write();
    const type = typeof body === "string" ? { "content-type": "application/json" } : {};
    const request = new Request(base + path, { method, headers: { ...type, ...headers }, body, ...init });
    const response = await proxy(request);
    refused(status, errorCode, response.status, await response.json());
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.match(response.headers.get("content-type"), /^application\/json/);
    assert.equal(response.headers.get("cache-control"), "no-store");
  });
}

// Paths, as they are when the runtime has parsed the URL.
const notFound = (path, name = path) => attack(404, "inexistent_operation", `path ${name}`, path);
const badPath = (path, name = path) => attack(400, "invalid_path", `path ${name}`, path);

notFound("", "without a slash");
notFound("/");
notFound("//users");
notFound("/users/a/");
notFound("/users/a//roles");
notFound("/users/../clients");
notFound("/users/%2e%2e/clients");
notFound("/users/%2E%2E/clients");
notFound("/users/.%2e/clients");
notFound("/users/a/../../../clients");
notFound("/../api/v2/clients");
notFound("/../admin-apix/users");
notFound("/..;/clients");
notFound("/%75sers");
notFound("/use%72s");
notFound("/%2575sers");
notFound("/users%2Fauth0%7Ca");
notFound("/users%2f");
notFound("/users%5Ca");
notFound("/users%00");
notFound("/users%3Fpage=1");
notFound("/users%23");
notFound("/users;a=b");
notFound("/users.json");
notFound("/Users");
notFound("/USERS/auth0%7Ca");
notFound("/users/a/Roles");
notFound("/users/a/roles/rol_1");
notFound("/users/a/%72oles");
notFound("/users/a/identities/google/1/more");
notFound("/clients");
notFound("/client-grants");
notFound("/tenants/settings");
notFound("/stats/daily");
notFound("/oauth/token");
notFound("/-/capabilities/");
notFound("/-/Capabilities");
notFound("/-/capabilities?x=1");
notFound("/%2D/capabilities");
notFound("/-");
notFound("/api/v2/users");
notFound("/https://elsewhere.example/users");
notFound("/users\u2215a", "with a character that looks like a slash");
badPath("/users/");
badPath("/users//roles");
badPath("/users/%2e%2e%2fclients");
badPath("/users/..%2Fclients");
badPath("/users/a%2F..%2F..%2Fclients");
badPath("/users/a%2F%2e%2e");
badPath("/users/a%2F.%2Fb");
badPath("/users/..%5Cclients");
badPath("/users/a%5Cb");
badPath("/users/%00");
badPath("/users/auth0%7Ca%00");
badPath("/users/a%0d%0aHost:%20elsewhere");
badPath("/users/a%0A");
badPath("/users/a%09");
badPath("/users/a%7F");
badPath("/users/a%C2%85");
badPath("/users/auth0%257Ca");
badPath("/users/auth0%257ca");
badPath("/users/%");
badPath("/users/a%2");
badPath("/users/a%zz");
badPath("/users/%c0%ae%c0%ae");
badPath("/users/%c0%af");
badPath("/users/%e0%80%af");
badPath("/users/%f0%80%80%af");
badPath("/users/%ff");
badPath("/users/%ed%a0%80");
badPath("/users/%f5%80%80%80");
badPath("/users/%u002e");
attack(414, "uri_too_long", "a path of 9 kB", `/users/${"a".repeat(9_000)}`);

// Methods
for (const method of ["PUT", "DELETE", "PATCH"]) {
  attack(404, "inexistent_operation", `${method} /users`, "/users", { method });
}
attack(404, "inexistent_operation", "PUT of a user", "/users/auth0%7Ca", { method: "PUT", body: "{}" });
attack(404, "inexistent_operation", "POST to a user", "/users/auth0%7Ca", { method: "POST", body: "{}" });
attack(404, "inexistent_operation", "a method of one's own", "/users", { method: "LIST" });
attack(404, "inexistent_operation", "PROPFIND", "/users", { method: "PROPFIND" });
attack(404, "inexistent_operation", "patch in small letters", "/users/auth0%7Ca", { method: "patch", body: "{}" });
attack(404, "inexistent_operation", "OPTIONS that is no question", "/users", { method: "OPTIONS" });
attack(404, "inexistent_operation", "POST to the capabilities", "/-/capabilities", { method: "POST" });

// Queries
const badQuery = (query, path = "/users") => attack(400, "invalid_query_string", `query ${query}`, `${path}?${query}`);

badQuery("unknown=1");
badQuery("page=1&page=2");
badQuery("page=1&sort=a&page=1");
badQuery("Page=1");
badQuery("PAGE=1");
badQuery("%70age=1");
badQuery("page%00=1");
badQuery("page[]=1");
badQuery("page.x=1");
badQuery("page");
badQuery("=1");
badQuery("&");
badQuery("page=1&");
badQuery("page=1&&sort=a");
badQuery("page=%");
badQuery("page=%0a");
badQuery("page=%00");
badQuery("page=%c0%ae");
badQuery("page=%ff");
badQuery("__proto__=1");
badQuery("constructor=1");
badQuery("access_token=stolen");
badQuery("token=stolen");
badQuery("from=a");
badQuery("page=1", "/users-by-email");
badQuery("page=1", "/users/auth0%7Ca");
badQuery("x-http-method-override=DELETE");
badQuery("_method=DELETE", "/users/auth0%7Ca");
badQuery("callback=alert");
attack(400, "invalid_query_string", "a query on a write", "/users/auth0%7Ca?fields=email", {
  method: "PATCH",
  body: "{}",
});
attack(400, "invalid_query_string", "a query on a deletion", "/users/auth0%7Ca/sessions?all=1", { method: "DELETE" });
for (const parameter of ["q=email%3Aa*", "fields=email", "search_engine=v2", "connection=a", "primary_order=false"]) {
  attack(403, "query_not_allowed", `query ${parameter}`, `/users?page=0&${parameter}`);
}

// Operations that eve may not use: all.
for (const { method, path, parameters } of operations) {
  const query = parameters.filter(({ required }) => required).map(({ name }) => `${name}=a`);
  const target = path.replace(/\{\w+\}/g, "auth0%7Ca") + (query.length > 0 ? `?${query.join("&")}` : "");
  const headers = method === "GET" ? signedIn("eve") : write("eve");
  attack(403, "operation_not_allowed", `${method} ${target}`, target, { method, headers });
}
test("eve may use no operation", () => assert.deepEqual(actors.eve.allow, {}));
attack(403, "operation_not_allowed", "deleting with what ana may", "/users/auth0%7Ca", { method: "DELETE" });

// Fields of bodies
const user = "/users/auth0%7Ca";
const patch = (status, errorCode, body, name = body) =>
  attack(status, errorCode, `body ${name}`, user, { method: "PATCH", body });
const badField = (body, name) => patch(403, "field_not_allowed", body, name);
const badBody = (body, name) => patch(400, "invalid_body", body, name);

badField('{"email":"eve@example.com"}');
badField('{"blocked":false,"email":"eve@example.com"}');
badField('{"app_metadata":{"roles":["admin"]}}');
badField('{"password":"Secret-123"}');
badField('{"Blocked":true}');
badField('{"blocked ":true}');
badField('{" blocked":true}');
badField('{"blocked\\u0000":true}');
badField('{"bl\\u006fcked":true,"em\\u0061il":"a"}');
badField('{"":1}');
badField('{"user_metadata.a":1}');
badField('{"user_metadata[a]":1}');
badField('{"fields blocked":1}');
badField('{"blocked\\tfields email":1}');
badField('{"blocked\\nusers.delete":1}');
badField('{"constructor":{"prototype":{"blocked":true}}}');
badField('{"prototype":{}}');
badField('{"toString":1}');
badField('{"verify_email":false}');
badField('{"client_id":"a"}');
badField('{"connection":"a","blocked":true}');
badBody('{"__proto__":{"blocked":true}}');
badBody('{"__pr\\u006fto__":{"blocked":true}}');
badBody('{"user_metadata":{"__proto__":{"admin":true}}}');
badBody('{"user_metadata":[{"__proto__":1}]}');
badBody('{"blocked":true,"blocked":false}');
badBody('{"blocked":true,"bl\\u006fcked":false}');
badBody('{"user_metadata":{"a":1,"a":2}}');
badBody('{"user_metadata":[{"a":1,"a":2}]}');
badBody("[]");
badBody('[{"email":"a"}]');
badBody('[["blocked",true]]');
badBody("null");
badBody('"blocked"');
badBody("1");
badBody("true");
badBody('{"blocked":true}{"email":"a"}');
badBody('{"blocked":true},');
badBody('{"blocked":true}\u0000');
badBody('{"blocked":true,}');
badBody("{blocked:true}");
badBody("{'blocked':true}");
badBody('{"blocked":tru}');
badBody('{"user_metadata":NaN}');
badBody('{"user_metadata":{"a":Infinity}}');
badBody('{"user_metadata":{"a":01}}');
badBody('{"user_metadata":{"a":1e999}}');
badBody('{"user_metadata":{"a":[-1e999]}}');
badBody('{"user_metadata":{"id":175928847299117063}}');
badBody('{"user_metadata":{"ids":[{"a":[-9007199254740993]}]}}');
badBody('{"user_metadata":{"id":9007199254740992.0}}');
badBody('{"user_metadata":"\\ud800"}');
badBody('{"blocked":true/*,"email":"a"*/}');
badBody('{"blocked":true}//');
badBody(")]}',\n{}");
badBody("\ufeff{}", "with a byte order mark");
badBody('{"blocked":true', "that ends early");
badBody(" ", "of a space");
badBody("blocked=true");
badBody(`{"user_metadata":${"[".repeat(70)}${"]".repeat(70)}}`, "nested 70 deep");
badBody(`{"user_metadata":${"[".repeat(900)}`, "nested 900 deep and open");
const set = (status, errorCode, body) =>
  attack(status, errorCode, `items ${body}`, `${user}/authentication-methods`, { method: "PUT", body });
set(400, "invalid_body", "{}");
set(400, "invalid_body", '{"0":{"type":"email"}}');
set(400, "invalid_body", '["email"]');
set(400, "invalid_body", '[{"type":"email"},null]');
set(400, "invalid_body", '[[{"type":"email"}]]');
set(403, "field_not_allowed", '[{"type":"email","totp_secret":"a"}]');
set(403, "field_not_allowed", '[{"type":"email"},{"phone_number":"a"}]');
attack(400, "invalid_body", "no body where one is needed", `${user}/roles`, { method: "POST", body: "" });
attack(400, "invalid_body", "an array in place of an object", `${user}/roles`, { method: "POST", body: '["rol_1"]' });
attack(400, "invalid_body", "a body on a deletion", `${user}/sessions`, { method: "DELETE", body: "{}" });
attack(400, "invalid_body", "bytes that are not UTF-8", user, {
  method: "PATCH",
  headers: { ...write(), "content-type": "application/json" },
  body: new Uint8Array([0x7b, 0x22, 0xc0, 0xae, 0x22, 0x3a, 0x31, 0x7d]),
});
attack(400, "invalid_body", "UTF-16", user, {
  method: "PATCH",
  headers: { ...write(), "content-type": "application/json" },
  body: new Uint8Array(Buffer.from('{"blocked":true}', "utf16le")),
});

// Content types
const typed = (type, body = '{"blocked":true}') =>
  attack(415, "unsupported_media_type", `content-type ${type}`, user, {
    method: "PATCH",
    headers: { ...write(), ...(type === undefined ? {} : { "content-type": type }) },
    body: new TextEncoder().encode(body),
  });
typed(undefined);
typed("text/plain");
typed("text/plain;charset=UTF-8");
typed("text/json");
typed("application/x-www-form-urlencoded", "blocked=true");
typed("multipart/form-data; boundary=a");
typed("application/jsonp");
typed("application/json-patch+json", "[]");
typed("application/merge-patch+json");
typed("application/vnd.api+json");
typed("application/json, text/plain");
typed("application/json; charset=utf-16");
typed("application/json; charset=utf-7");
typed("application/json;a=b");
typed("application/xml", "<a/>");
typed("application/json\ttext/plain");
const compressed = (encoding) =>
  attack(415, "unsupported_media_type", `content-encoding ${encoding}`, user, {
    method: "PATCH",
    headers: { ...write(), "content-encoding": encoding },
    body: '{"blocked":true}',
  });
["gzip", "br", "deflate", "GZIP", "identity, gzip", "x-unknown"].forEach(compressed);

// Forms
const form = (entries) => {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
};
const imports = "/jobs/users-imports";
const file = new Blob(["[]"], { type: "application/json" });
attack(415, "unsupported_media_type", "JSON in place of a form", imports, { method: "POST", body: '{"users":[]}' });
attack(403, "field_not_allowed", "a field of a form", imports, { method: "POST", body: form([["upsert", "true"]]) });
attack(403, "field_not_allowed", "__proto__ in a form, by name", imports, {
  method: "POST",
  body: form([["external_id", "a"]]),
});
attack(400, "invalid_body", "__proto__ in a form", imports, { method: "POST", body: form([["__proto__", "a"]]) });
attack(400, "invalid_body", "a field of a form twice", imports, {
  method: "POST",
  body: form([
    ["connection_id", "a"],
    ["connection_id", "b"],
  ]),
});
attack(400, "invalid_body", "two files", imports, {
  method: "POST",
  body: form([
    ["users", file],
    ["users", file],
  ]),
});
attack(400, "invalid_body", "a form without its boundary", imports, {
  method: "POST",
  headers: { ...write(), "content-type": "multipart/form-data; boundary=other" },
  body: "--one\r\n",
});
attack(413, "body_too_large", "a form with a large file", imports, {
  method: "POST",
  body: form([["users", new Blob(["a".repeat(3_000)])]]),
});

// Sizes
const large = `{"user_metadata":{"a":"${"a".repeat(2_000)}"}}`;
const streamed = (bytes) => new Blob([bytes]).stream();
patch(413, "body_too_large", large, "of more than 2,000 bytes");
attack(413, "body_too_large", "a large stream", user, { method: "PATCH", body: streamed(large), duplex: "half" });
attack(413, "body_too_large", "an endless stream", user, {
  method: "PATCH",
  body: new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(512)) }),
  duplex: "half",
});
attack(413, "body_too_large", "a length that is too large", user, {
  method: "PATCH",
  headers: { ...write(), "content-length": "3000" },
  body: "{}",
});
attack(413, "body_too_large", "an enormous length", user, {
  method: "PATCH",
  headers: { ...write(), "content-length": "999999999999999" },
  body: "{}",
});
for (const length of ["1", "3", "0", "2000"]) {
  attack(400, "invalid_body", `a length of ${length} for 2 bytes`, user, {
    method: "PATCH",
    headers: { ...write(), "content-length": length },
    body: "{}",
  });
}
for (const length of ["-1", "1e1", "0x2", "2, 2", "9999999999999999", "two"]) {
  attack(400, "invalid_body", `a length of ${length}`, user, {
    method: "PATCH",
    headers: { ...write(), "content-length": length },
    body: "{}",
  });
}
attack(400, "invalid_body", "a stream that breaks", user, {
  method: "PATCH",
  body: new ReadableStream({ start: (controller) => controller.error(new Error("broken")) }),
  duplex: "half",
});

// Other sites
const from = (headers, name, path = user, more = { method: "PATCH", body: '{"blocked":true}' }) =>
  attack(403, "foreign_origin", name, path, {
    headers: { ...signedIn(), "x-csrf-token": "csrf-of-ana", ...headers },
    ...more,
  });
from({}, "a write that says nothing of where it is from");
for (const foreign of [
  "https://evil.example",
  "null",
  "http://admin.example",
  "https://admin.example:8443",
  "https://admin.example.evil.example",
  "https://evil.admin.example",
  "https://ADMIN.example",
  "https://admin.example/",
  "https://admin.example.",
  "https://admin.example, https://evil.example",
  "",
  "file://",
  "https://xn--admin-.example",
]) {
  from({ origin: foreign }, `a write from origin ${foreign}`);
}
from({ origin: "https://evil.example", "sec-fetch-site": "same-origin" }, "a foreign origin that says it is one's own");
from({ origin: "null", "sec-fetch-site": "same-origin" }, "an opaque origin that says it is one's own");
for (const site of ["cross-site", "same-site", "none", "", "Same-Origin", "same-origin, cross-site"]) {
  from({ "sec-fetch-site": site }, `a write with sec-fetch-site ${site}`);
}
from({ referer: `${origin}/users` }, "a write with a referer only");
from({ "x-forwarded-host": "admin.example", origin: "https://evil.example" }, "a host that is said to be another");
const read = { method: "GET" };
from({ origin: "https://evil.example" }, "a read from a foreign origin", user, read);
from({ origin: "null" }, "a read from a sandbox", user, read);
from({ "sec-fetch-site": "cross-site" }, "a read as a picture of a foreign page", user, read);
from({ "sec-fetch-site": "same-site" }, "a read from a neighbour", user, read);
from({ origin: "https://evil.example" }, "the capabilities from a foreign origin", "/-/capabilities", read);
from({ "sec-fetch-site": "cross-site" }, "the capabilities as a script of a foreign page", "/-/capabilities", read);
const preflight = { "access-control-request-method": "PATCH", "access-control-request-headers": "x-csrf-token" };
for (const foreign of ["https://evil.example", "null", origin]) {
  attack(403, "foreign_origin", `the question of a browser from ${foreign}`, user, {
    method: "OPTIONS",
    headers: { origin: foreign, ...preflight },
  });
}
attack(403, "foreign_origin", "the question of a browser without an origin", user, {
  method: "OPTIONS",
  headers: preflight,
});

// Tokens of sessions
const token = (value, name = `the session token ${value}`, method = "PATCH") =>
  attack(403, "invalid_csrf_token", name, method === "PATCH" ? user : `${user}/sessions`, {
    method,
    headers: { ...signedIn(), origin, ...(value === undefined ? {} : { "x-csrf-token": value }) },
    body: method === "PATCH" ? '{"blocked":true}' : undefined,
  });
token(undefined, "no session token");
token(undefined, "no session token on a deletion", "DELETE");
token("");
token("csrf-of-ben", "the session token of somebody else");
token("csrf-of-an");
token("csrf-of-ana ".repeat(2).trim());
token("csrf-of-anacsrf-of-ana");
token("CSRF-OF-ANA");
token("csrf-of-anb");
token("csrf-of-ana, csrf-of-ana");
token("undefined");
token("null");
token("csrf-of-ana\u00a0x");
attack(403, "invalid_csrf_token", "the session token as a cookie", user, {
  method: "PATCH",
  headers: { cookie: "session=ana; x-csrf-token=csrf-of-ana", origin },
  body: '{"blocked":true}',
});
attack(403, "invalid_csrf_token", "the session token in another header", user, {
  method: "PATCH",
  headers: { ...signedIn(), origin, "x-xsrf-token": "csrf-of-ana" },
  body: '{"blocked":true}',
});

// People
const stranger = (name, headers, path = user, more = {}) =>
  attack(401, "unauthorized", name, path, { headers, ...more });
stranger("nobody", {});
stranger("nobody, with a token", { authorization: `Bearer ${upstreamToken}` });
stranger("nobody, with a name and a password", { authorization: "Basic YW5hOmFuYQ==" });
stranger("a session that is over", signedIn("zoe"));
stranger("a session named after a property of objects", { cookie: "session=__proto__" });
stranger("a session named constructor", { cookie: "session=constructor" });
stranger("a session in a header of a proxy", { "x-forwarded-user": "ana", "x-user": "ana" });
stranger("nobody, at the capabilities", {}, "/-/capabilities");
stranger("nobody, at a path that is none", {}, "/nothing");
stranger("nobody, with a write", { origin, "x-csrf-token": "csrf-of-ana" }, user, { method: "PATCH", body: "{}" });
stranger("nobody, with a large body", { origin }, user, { method: "PATCH", body: large });

// Headers that lead other software
for (const header of ["x-http-method-override", "x-http-method", "x-method-override", "X-HTTP-Method-Override"]) {
  attack(400, "invalid_header", header, user, { headers: { ...signedIn(), [header]: "DELETE" } });
}

// What only a connection can carry
const wire = recorder();
const served = await serve({ after }, createProxy(optionsFor(wire)));

function raw(status, errorCode, name, text) {
  cases++;
  test(`${status} ${errorCode ?? "by Node.js"}, on the wire: ${name}`, async () => {
    const answer = await served.send(text);
    assert.equal(answer.status, status, answer.head + answer.body);
    assert.deepEqual(wire.requests.splice(0), [], "something reached the API");
    if (errorCode === undefined) return;
    assert.equal(JSON.parse(answer.body).errorCode, errorCode);
    refused(status, errorCode, answer.status, JSON.parse(answer.body));
  });
}

const head = (target, more = "") =>
  `GET ${target} HTTP/1.1\r\nhost: admin.example\r\ncookie: session=ana\r\nconnection: close\r\n${more}\r\n`;
const rawPath = (status, errorCode, target) => raw(status, errorCode, target, head(target));
for (const target of [
  "/admin-api/../admin-api/users",
  "/admin-api/./users",
  "/admin-api/users/../users",
  "/admin-api/users/a/../b",
  "/admin-api/users/a/..",
  "/admin-api/users/%2e%2e/users",
  "/admin-api/x/%2e%2e/users",
  "/admin-api\\users",
  "/admin-api/users\\a",
  "/admin-api\\..\\admin-api\\users",
  "//admin-api/users",
  "///admin-api/users",
  "/x/../admin-api/users",
  "/%61dmin-api/users",
  "/admin-api%2fusers",
  "/ADMIN-API/users",
  "http://admin.example/admin-api/users",
  "http://evil.example/admin-api/users",
  "https://upstream.example/api/v2/users",
  "/admin-api/users#/x",
  "/admin-api/users;/x",
  "/api/v2/users",
  "/",
]) {
  rawPath(404, "inexistent_operation", target);
}
rawPath(400, "invalid_path", "/admin-api/users/..");
rawPath(400, "invalid_path", "/admin-api/users/.");
rawPath(400, "invalid_path", "/admin-api/users/%2e%2E");
rawPath(400, "invalid_path", "/admin-api/users/a\\b");
rawPath(400, "invalid_path", "/admin-api/users/a\\..\\b");
rawPath(400, "invalid_path", '/admin-api/users/a"b');
rawPath(400, "invalid_path", "/admin-api/users/a<b>");
rawPath(400, "invalid_path", "/admin-api/users/a`b");
rawPath(400, "invalid_path", "/admin-api/users/{id}");
rawPath(400, "invalid_path", "/admin-api/users/a^b");
rawPath(400, "invalid_path", "/admin-api/users/a#b");
rawPath(400, undefined, "/admin-api/users/\xe9");
rawPath(400, "invalid_query_string", "/admin-api/users?page=1#x");
rawPath(400, undefined, "/admin-api/users?page=\xe9");
rawPath(400, "invalid_query_string", "/admin-api/users?sort=a\\b&x");
rawPath(400, undefined, "/admin-api/users?a b");
rawPath(400, undefined, "/admin-api/users/a\x00b");
raw(400, "bad_request", "a read with a body", head("/admin-api/users", "content-length: 2\r\n") + "{}");
raw(
  400,
  "bad_request",
  "a read with a chunked body",
  head("/admin-api/users", "transfer-encoding: chunked\r\n") + "0\r\n\r\n",
);
raw(400, "bad_request", "a host with a user", head("/admin-api/users").replace("host: admin", "host: x@admin"));
raw(400, "bad_request", "a host with a path", head("/admin-api/users").replace("admin.example", "admin.example/x"));
raw(400, "bad_request", "an empty host", head("/admin-api/users").replace("admin.example", ""));
raw(
  400,
  "bad_request",
  "no host",
  head("/admin-api/users").replace("host: admin.example\r\n", "").replace("1.1", "1.0"),
);
raw(400, "bad_request", "a host that is none", head("/admin-api/users").replace("admin.example", "a b"));

const rawWrite = (more, body) =>
  "PATCH /admin-api/users/auth0%7Ca HTTP/1.1\r\nhost: admin.example\r\ncookie: session=ana\r\n" +
  `origin: http://admin.example\r\nx-csrf-token: csrf-of-ana\r\nconnection: close\r\n${more}\r\n${body}`;
const json = "content-type: application/json\r\n";
const chunked = `${json}transfer-encoding: chunked\r\n`;
const block = '{"blocked":true}';
raw(
  413,
  "body_too_large",
  "a length beyond the limit, without a body",
  rawWrite(`${json}content-length: 3000\r\n`, ""),
);
raw(413, "body_too_large", "chunks beyond the limit", rawWrite(chunked, `c00\r\n${"a".repeat(0xc00)}\r\n`));
raw(400, undefined, "a length that ends the body early", rawWrite(`${json}content-length: 9\r\n`, block));
raw(400, undefined, "a length and chunks", rawWrite(`${chunked}content-length: 16\r\n`, `0\r\n\r\n${block}`));
raw(400, undefined, "two lengths", rawWrite(`${json}content-length: 16\r\ncontent-length: 2\r\n`, block));
raw(400, undefined, "chunks without a size", rawWrite(chunked, `zz\r\n${block}\r\n0\r\n\r\n`));
raw(415, "unsupported_media_type", "no type", rawWrite("content-length: 16\r\n", block));
raw(
  403,
  "invalid_csrf_token",
  "two session tokens",
  rawWrite(`${json}x-csrf-token: csrf-of-ana\r\ncontent-length: 16\r\n`, block),
);
raw(
  403,
  "foreign_origin",
  "two origins",
  rawWrite(`${json}origin: https://evil.example\r\ncontent-length: 16\r\n`, block),
);
raw(400, undefined, "a header on two lines", rawWrite(`${json}x-a: b\r\n c: d\r\ncontent-length\r\n`, block));

test("there are more than two hundred cases", () => assert.ok(cases > 200, String(cases)));

test("each of them is refused for what it says: without the fault it reaches the API", async () => {
  const { requests, fetch } = recorder();
  const open = createProxy(optionsFor({ fetch }));
  const sent = await open(
    new Request(base + user, {
      method: "PATCH",
      headers: { ...write(), "content-type": "application/json" },
      body: block,
    }),
  );
  assert.equal(sent.status, 200);
  const node = await serve({ after }, open);
  assert.equal((await node.send(rawWrite(`${json}content-length: 16\r\n`, block))).status, 200);
  assert.equal((await node.send(rawWrite(chunked, `10\r\n${block}\r\n0\r\n\r\n`))).status, 200);
  assert.equal((await node.send(head("/admin-api/users?page=1"))).status, 502, "{} is not a list");
  const url = "https://upstream.example/api/v2/users";
  assert.deepEqual(
    requests.map(({ method, url, body }) => [method, url, body]),
    [...Array(3).fill(["PATCH", `${url}/auth0%7Ca`, block]), ["GET", `${url}?page=1`, undefined]],
  );
});
