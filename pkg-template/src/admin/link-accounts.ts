import type { ManagementClient, Metadata, RequestOptions, UserIdentitySchema } from "auth0-users";

import { check } from "../client/argument-errors.ts";
import { isExact, isSame } from "../client/json-values.ts";
import { own, record } from "../client/objects.ts";
import { readSections, type UserSections } from "./overview.ts";
import { checkExact, checkRequest, isArray, isText } from "./shared/checks.ts";
import { readAll, sharedDeadline } from "./shared/reads.ts";
import { type PlannedStep, runSteps, type StepOptions, type StepReport } from "./shared/steps.ts";

export type LinkStep = "mergeMetadata" | "link";

export interface LinkAccountsRequest extends StepOptions<LinkStep> {
  /**
   * Gives the primary account, before the linking, the first-level keys of metadata that it lacks and the secondary one
   * has: of both kinds of metadata, or of the named ones. A key that both have keeps the value of the primary account.
   * Off by default.
   */
  mergeMetadata?: boolean | readonly ("user_metadata" | "app_metadata")[];
}

/** What the secondary account loses: it is no user of its own any more. */
export interface LinkLosses extends Pick<
  UserSections,
  "roles" | "permissions" | "organizations" | "authenticationMethods"
> {
  /** The metadata that is not merged. */
  readonly user_metadata: Metadata;
  /** The metadata that is not merged. */
  readonly app_metadata: Metadata;
}

export interface LinkReport extends StepReport<LinkStep> {
  /** What the secondary account loses, or would lose; absent if the accounts were linked already. */
  readonly losses?: LinkLosses;
  /** The exact changes of the step `mergeMetadata`. */
  readonly merged?: { readonly user_metadata?: Metadata; readonly app_metadata?: Metadata };
  /** All accounts, the primary one first, if they are linked. */
  readonly identities?: readonly UserIdentitySchema[];
}

type Kind = "user_metadata" | "app_metadata";
const kinds: readonly Kind[] = ["user_metadata", "app_metadata"];

const isFilled = (object: object) => Object.keys(object).length > 0;

/** Implements `users.identities.linkAccounts`. */
export async function linkAccounts(
  client: ManagementClient,
  primary: string,
  secondary: string,
  given: LinkAccountsRequest = {},
  options?: RequestOptions,
): Promise<LinkReport> {
  const request = checkRequest(given, ["mergeMetadata", "dryRun", "onProgress"]);
  const { mergeMetadata = false } = request;
  const asked = mergeMetadata === true ? kinds : mergeMetadata || [];
  check(
    isArray(asked) && asked.every((kind) => kinds.includes(kind)),
    `request.mergeMetadata must be a boolean or an array of ${kinds.join(", ")}`,
  );
  split(primary, "primary");
  const account = split(secondary, "secondary");
  check(primary !== secondary, "primary and secondary must be two accounts");
  const { users } = client;
  const callOptions = sharedDeadline(options);
  const user = await users.get(primary, undefined, callOptions());
  const before = own(user, "identities");
  if (before?.some((identity) => isOf(account, identity))) {
    const plan: PlannedStep<LinkStep>[] = [{ name: "link", reason: "the accounts are linked already" }];
    return { ...(await runSteps(plan, request, options)), identities: before };
  }

  const [other, sections] = await readAll(callOptions(), [
    (options) => users.get(secondary, undefined, options),
    (options) =>
      readSections(client, secondary, ["roles", "permissions", "organizations", "authenticationMethods"], options),
  ]);
  const merging = (kind: Kind) => {
    const isAsked = asked.includes(kind);
    const has = own(other, kind) ?? {};
    const { added, conflicts } = merge(isAsked ? (own(user, kind) ?? {}) : has, has);
    checkExact(kind, added);
    const lost = isAsked ? conflicts : Object.keys(has);
    return { added, lost: Object.fromEntries(lost.map((key) => [key, has[key]])) };
  };
  const ofUser = merging("user_metadata");
  const ofApp = merging("app_metadata");
  const merged = {
    ...(isFilled(ofUser.added) && { user_metadata: ofUser.added }),
    ...(isFilled(ofApp.added) && { app_metadata: ofApp.added }),
  };
  const losses = { ...sections, user_metadata: ofUser.lost, app_metadata: ofApp.lost };
  let identities: LinkReport["identities"];
  const plan: PlannedStep<LinkStep>[] = [
    {
      name: "link",
      after: ["mergeMetadata"],
      async run() {
        identities = await users.identities.link(primary, account, callOptions());
      },
    },
  ];
  if (asked.length) {
    plan.unshift({
      name: "mergeMetadata",
      reason: isFilled(merged) ? undefined : "there is nothing that the primary account lacks",
      run: async () => void (await users.update(primary, merged, callOptions())),
    });
  }
  return { ...(await runSteps(plan, request, options)), losses, merged, ...(identities && { identities }) };
}

/** An account, by its provider and by its id without it. */
interface Account {
  readonly provider: string;
  readonly user_id: string;
}

/** Splits an id into its provider and the rest, which may have a bar in it as well. */
function split(id: string, name: string): Account {
  const [, provider, rest] = (isText(id) && /^([^|]+)\|(.+)$/s.exec(id)) || [];
  check(provider && rest, `${name} must be an id with its provider, such as "auth0|123"`);
  return { provider, user_id: rest };
}

function isOf({ provider, user_id }: Account, identity: UserIdentitySchema): boolean {
  return own(identity, "provider") === provider && String(own(identity, "user_id")) === user_id;
}

/** Returns the keys of `from` that `to` lacks, and those that both have, with other values or with ones that may differ. */
function merge(to: Metadata, from: Metadata): { added: Metadata; conflicts: string[] } {
  const added = {};
  const conflicts: string[] = [];
  for (const [key, value] of Object.entries(from)) {
    if (!Object.hasOwn(to, key))
      Object.defineProperty(added, key, record({ value: value as unknown, enumerable: true }));
    else if (!isSame(to[key], value) || !isExact(value)) conflicts.push(key);
  }
  return { added, conflicts };
}
