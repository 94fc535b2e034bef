// Linking another user to this one, with what that user loses by it.
import type { LinkLosses, LinkReport } from "auth0-users/admin";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { tell } from "../notices";
import { Button, Check, Dialog, Field, nameOf, useSession } from "../ui";
import { explain } from "../words";
import { labelOfMethod } from "./methods";
import { StepsDialog } from "./steps";

const STEPS: Record<string, string> = { mergeMetadata: "Keep metadata", link: "Link the accounts" };

interface Props {
  user: User;
  onLinked: (report: LinkReport) => void;
  onClose: () => void;
}

export function Link({ user, onLinked, onClose }: Props) {
  const { can } = useSession();
  const [other, setOther] = useState("");
  const [chosen, setChosen] = useState<string>();
  const [mergeMetadata, setMerge] = useState(false);
  const [fault, setFault] = useState<string>();
  const id = user.user_id;
  function submit(event: Event) {
    event.preventDefault();
    const typed = other.trim();
    if (!/^[^|]+\|.+$/.test(typed)) return setFault("A user id looks like google-oauth2|1234.");
    if (typed === id) return setFault("That is this user.");
    setFault(undefined);
    setChosen(typed);
  }
  if (chosen !== undefined) {
    return (
      <StepsDialog
        title={`Link ${chosen} to ${nameOf(user)}?`}
        action="Link"
        needs={mergeMetadata ? ["users.identities.link", "users.update"] : ["users.identities.link"]}
        choices={mergeMetadata}
        run={(how) => users.identities.linkAccounts(id, chosen, { mergeMetadata, ...how })}
        nameOf={(step) => STEPS[step] ?? step}
        onDone={(report) => {
          if (report.identities) onLinked(report);
          if (report.ok) tell(`${chosen} is an identity of ${nameOf(user)} now.`);
        }}
        onClose={onClose}
      >
        {(report) => (
          <>
            {report.losses && <Losses losses={report.losses} />}
            {report.merged && <Merged merged={report.merged} name={nameOf(user)} />}
            {report.dryRun && report.losses && can("users.update") && (
              <Check
                label="Keep the metadata that this user has no such keys of"
                checked={mergeMetadata}
                onChange={setMerge}
              />
            )}
          </>
        )}
      </StepsDialog>
    );
  }
  return (
    <Dialog title={`Link another user to ${nameOf(user)}`} onClose={onClose}>
      <p>The other user becomes an identity of this one, and leaves the list. What is lost by that is shown first.</p>
      <form onSubmit={submit} noValidate>
        <Field
          label="User id of the other user"
          name="other"
          value={other}
          onInput={setOther}
          fault={fault}
          autocomplete="off"
        />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="main" submit>
            Show what is lost…
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function Losses({ losses }: { losses: LinkLosses }) {
  const { roles, permissions, organizations, authenticationMethods: methods, user_metadata, app_metadata } = losses;
  const list = (label: string, part: { error?: unknown; hasMore?: boolean | undefined }, names: string[] = []) => {
    const text = part.error ? `could not be read. ${explain(part.error).what}` : names.join(", ");
    return [label, part.hasMore ? `${text} and more` : text] as const;
  };
  const lost = [
    list(
      "Roles",
      roles,
      roles.data?.map(({ name = "" }) => name),
    ),
    list(
      "Permissions",
      permissions,
      permissions.data?.map(({ permission_name = "" }) => permission_name),
    ),
    list(
      "Organizations",
      organizations,
      organizations.data?.map(({ name = "" }) => name),
    ),
    list(
      "Authentication methods",
      methods,
      methods.data?.map(({ type }) => labelOfMethod(type)),
    ),
    list("User metadata", {}, Object.keys(user_metadata)),
    list("App metadata", {}, Object.keys(app_metadata)),
  ].filter(([, text]) => text);
  if (lost.length === 0) return <p>The other user has nothing that is lost, but an id of its own.</p>;
  return (
    <>
      <p>The other user loses this, and unlinking does not bring it back:</p>
      <dl class="facts" aria-label="What is lost">
        {lost.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Merged({ merged, name }: { merged: NonNullable<LinkReport["merged"]>; name: string }) {
  const keys = [...Object.keys(merged.user_metadata ?? {}), ...Object.keys(merged.app_metadata ?? {})];
  return keys.length > 0 ? <p>{`${name} gets the metadata ${keys.join(", ")}.`}</p> : null;
}
