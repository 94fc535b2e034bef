import { ManagementClient } from "auth0-users";
import {
  AmbiguousUserError,
  ResultLimitError,
  and,
  bulk,
  eq,
  ndjson,
  not,
  q,
  range,
  withAdmin,
} from "auth0-users/admin";
import type { Query, Step } from "auth0-users/admin";

interface App {
  plan: "free" | "gold";
}

const client = withAdmin(new ManagementClient<App>({ baseUrl: "/admin-api" }));
const user = await client.users.find({ id: "auth0|1" });
const plan: "free" | "gold" | undefined = user?.app_metadata?.plan;
export default [plan, (await client.users.list()).data];

for await (const { user_id, email } of client.users.all({ fields: ["user_id", "email"] })) {
  const names: [string, string | undefined] = [user_id, email];
  void names;
}
for await (const { app_metadata } of client.users.all({ q: q`blocked:${true}` }, { deadlineInSeconds: 60 })) {
  const maybe: "free" | "gold" | undefined = app_metadata?.plan;
  void maybe;
}

const capped = (error: unknown): 1000 | undefined => (error instanceof ResultLimitError ? error.cap : undefined);
void capped;

// @ts-expect-error: a cursor is text
client.users.all({ cursor: 42 });

// @ts-expect-error: an id is text
await client.users.find({ id: 42 });

// @ts-expect-error: one way at a time
await client.users.find({ id: "auth0|1", email: "ada@example.com" });

const [match] = await client.users.findByEmail("Ada@example.com", { case: "smart" });
export const rule: "exact" | "lower_case" | "search" | undefined = match?.rule;
// @ts-expect-error: no such rule
await client.users.findByEmail("ada@example.com", { case: "lower" });

const { blocks, user: section } = await client.users.overview("auth0|1", { sections: ["user", "blocks"] });
export const from: (string | undefined)[] | undefined = blocks.data?.map((block) => block.ip);
if (section.status === "ok") section.data.app_metadata?.plan satisfies App["plan"] | undefined;
else section.error.missingScopes;
// @ts-expect-error: a section that was not asked for
blocks.data && (await client.users.overview("auth0|1", { sections: ["user"] })).blocks;

const report = await client.users.mfa.reset("auth0|1", { revokeSessions: true, onProgress: (step: Step) => step.name });
export const code: string | undefined = report.recoveryCode;
export const isBlocked: boolean = (await client.users.blockStatus("auth0|1")).adminBlocked;
export const before: number = (await client.users.unblock("auth0|1", { admin: true })).before.bruteForce.length;
export const left: number | undefined = (await client.users.signOutEverywhere("auth0|1")).remaining?.sessions;
const linked = await client.users.identities.linkAccounts("auth0|1", "sms|2", { mergeMetadata: ["app_metadata"] });
export const lost: object | undefined = linked.losses?.user_metadata;
await client.users.identities.delete("auth0|1", "sms", "2");
export const indexed: string = (await client.users.waitUntilIndexed("auth0|1", { deadlineInSeconds: 5 })).user_id;
export const ids = (error: AmbiguousUserError): readonly string[] => error.userIds;

const blocked = bulk(["auth0|1"], (id, options) => client.users.update(id, { blocked: true }, options), {
  concurrency: "auto",
  journal: { append: async (_line: string) => {}, read: () => "" },
});
for await (const result of blocked) {
  if (result.status === "ok") {
    const name: string | undefined = result.data.name;
    const id: string = result.item;
    use(name, id);
  } else if (result.status === "failed") {
    const error: unknown = result.error;
    use(error);
  }
}
for await (const result of client.users.hydrate(["auth0|1"], ["roles", "profile"])) {
  if (result.status !== "ok") continue;
  const role: string | undefined = result.data.roles[0]?.name;
  const shape: "free" | "gold" | undefined = result.data.profile.app_metadata?.plan;
  use(role, shape);
  // @ts-expect-error: it was not asked for
  use(result.data.sessions);
}
// @ts-expect-error: there is no such part
client.users.hydrate(["auth0|1"], ["rolls"]);
for await (const user of ndjson<{ email: string }>(new TextStream())) use(user.email);

declare function use(...values: unknown[]): void;
declare class TextStream implements AsyncIterable<string> {
  [Symbol.asyncIterator](): AsyncIterator<string>;
}

const gold: Query = q`app_metadata.plan:${"gold"} AND ${not(eq("blocked", true))}`;
await client.users.list({ q: and(gold, range("created_at", { gte: new Date(0) })) });
// @ts-expect-error: a value is not an object
q`name:${{ first: "Ada" }}`;

const change = await client.users.metadata("auth0|1").app.merge({ plan: "gold" }, { dryRun: true });
export const after: "free" | "gold" = change.after.plan;
await client.users.metadata("auth0|1").user.set(["address", "city"], "Oslo", { ifUnmodifiedSince: new Date() });
await client.users.update("auth0|1", { user_metadata: {} }, { allowMetadataClear: true });
// @ts-expect-error: there is no such plan
await client.users.metadata("auth0|1").app.merge({ plan: "silver" });
