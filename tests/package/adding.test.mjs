// The steps of CONTRIBUTING.md, "Adding an operation", in a copy of the repository.
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { run } from "../helpers/project.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/** A copy of the sources, which counts the files that are edited by hand. */
async function copy(context) {
  const directory = await mkdtemp(join(tmpdir(), "auth0-users-adding-"));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const { stdout } = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const files = stdout.split("\n").filter((file) => /^(?!www|docs|benches|tests\/(?!types))./.test(file));
  for (const file of files) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await cp(join(root, file), join(directory, file)).catch(() => {});
  }
  // What installing and building make.
  for (const made of ["node_modules", "pkg", "pkg-template/src/wasm"]) {
    await symlink(join(root, made), join(directory, made));
  }
  const edited = new Set();
  const read = (file) => readFile(join(directory, file), "utf8");
  const command = (program, ...args) =>
    run(program, args, { cwd: directory, env: { ...process.env, CARGO_TARGET_DIR: target } });
  return {
    edited,
    read,
    command,
    async edit(file, change) {
      edited.add(file);
      const before = await read(file).catch(() => "");
      const after = change(before);
      assert.notEqual(after, before, file);
      await writeFile(join(directory, file), after);
    },
    describe(change) {
      return this.edit("api/operations.json", (text) => {
        const description = JSON.parse(text);
        change(description);
        return JSON.stringify(description);
      });
    },
    /** Fails if the generated sources do not compile. */
    async compile() {
      await command("cargo", "check", "--package", "auth0-users-tenant");
      await command("cargo", "check", "--package", "auth0-users", "--lib", "--target", "wasm32-unknown-unknown");
      await command("node_modules/.bin/tsc", "--project", "pkg-template");
    },
    generate: (...args) => command(process.env.AUTH0_USERS_XTASK, "generate", ...args),
  };
}

test("an operation takes three files by hand", async (context) => {
  const tree = await copy(context);
  await tree.describe(({ resources, operations, types }) => {
    resources["users.foo"] = { class: "UserFooClient", module: "users", doc: "The foos." };
    operations["users.foo.list"] = {
      endpoint: "GET /users/{id}/foo",
      summary: "Lists the foos of a user, page by page.",
      failures: { 404: "if there is no such user" },
      query: {
        type: "ListUserFooRequestParameters",
        rust: "FooQuery",
        doc: "Which foos.",
        parameters: [{ name: "kind", type: "string", required: true, doc: "The kind." }, "from", "take"],
      },
      response: { kind: "checkpoint", items: "foos", type: "Foo", envelope: "ListUserFooResponseContent" },
      scopes: ["read:foos"],
      consistency: "immediate",
      idempotent: true,
      example: { request: { kind: "bar" }, result: "foo" },
    };
    types.users.types.Foo = {
      doc: "A foo.",
      rust: "Foo",
      fields: { id: { type: "string", required: true, doc: "The id." }, size: { type: "integer", doc: "The size." } },
    };
    types.users.types.ListUserFooResponseContent = {
      fields: { foos: { type: "Foo[]", required: true }, next: { type: "string" } },
    };
  });
  await tree.edit("crates/tenant/src/operations/foo.rs", () =>
    [
      "//! The foos of a user.",
      "",
      "use serde_json::json;",
      "",
      "use crate::operations::call::{Call, Context, OperationResult};",
      "use crate::operations::handler::{Handler, run};",
      "use crate::operations::reply::Reply;",
      "",
      "/// The handlers of the operations in this file.",
      'pub(super) const HANDLERS: &[(&str, Handler)] = &[("users.foo.list", run(list))];',
      "",
      "fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {",
      "    context.state.related(call.param(0))?;",
      '    Ok(Reply::json(200, json!({ "foos": [] })))',
      "}",
      "",
    ].join("\n"),
  );
  await tree.edit("crates/tenant/src/operations.rs", (text) =>
    text
      .replace("mod groups;", "mod foo;\nmod groups;")
      .replace("groups::HANDLERS,", "foo::HANDLERS,\n    groups::HANDLERS,"),
  );
  assert.ok(tree.edited.size <= 3, [...tree.edited].join(" "));

  await tree.generate();
  await tree.generate("--check");
  await tree.compile();
  assert.match(
    await tree.read("pkg-template/src/client/resources/users.ts"),
    /readonly foo = new UserFooClient\(this\);/,
  );
  assert.match(await tree.read("pkg-template/src/client/resources/user-foo.ts"), /Promise<Page<Foo, ListUserFoo/);
  assert.match(await tree.read("src/users.rs"), /pub async fn list\(&self, id: &str, query: &types::FooQuery\)/);
  assert.match(await tree.read("crates/tenant/src/routes/rows.rs"), /name: "users\.foo\.list"/);
  assert.match(await tree.read("README.md"), /\b52 operations\b/);
});

test("a boolean of the profile takes three files by hand", async (context) => {
  const tree = await copy(context);
  await tree.describe(({ types }) => {
    for (const name of ["User", "CreateUserRequestContent", "UpdateUserRequestContent"]) {
      types.users.types[name].fields.is_vip = { type: "boolean", doc: "Whether the user is a VIP." };
    }
  });
  await tree.edit("crates/tenant/src/operations/user_body.rs", (text) =>
    text.replaceAll('Field::new("blocked", Kind::Bool),', '$&\n    Field::new("is_vip", Kind::Bool),'),
  );
  await tree.edit("crates/tenant/src/state/profile.rs", (text) =>
    text
      .replace("pub phone_verified: Option<bool>,", "$&\n    pub is_vip: Option<bool>,")
      .replace('("phone_verified", &mut self.phone_verified),', '$&\n            ("is_vip", &mut self.is_vip),')
      .replace('("phone_verified", self.phone_verified),', '$&\n            ("is_vip", self.is_vip),'),
  );
  assert.ok(tree.edited.size <= 3, [...tree.edited].join(" "));

  await tree.generate();
  await tree.compile();
  assert.equal((await tree.read("pkg-template/src/types/users.ts")).match(/is_vip\?: boolean;/g).length, 3);
  assert.equal((await tree.read("src/types/users.rs")).match(/pub is_vip: Option<bool>,/g).length, 3);
});
