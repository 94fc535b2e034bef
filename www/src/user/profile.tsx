import { useQueryClient } from "@tanstack/react-query";
import { isManagementError, type Management } from "auth0-users";
import { useEffect, useRef, useState } from "preact/hooks";
import type { User } from "../api";
import { updateUser } from "../changes";
import { tellFailure } from "../notices";
import { Button, Field, Time, FormFooter } from "../ui";
import { useUnsaved } from "../unsaved";
import { isUnknown, labelOf } from "../words";

const EDITABLE = ["name", "nickname", "given_name", "family_name", "email", "phone_number", "username"] as const;
type Name = (typeof EDITABLE)[number];

export function Profile({ user }: { user: User }) {
  const [editing, setEditing] = useState<boolean>();
  const card = useRef<HTMLElement>(null);
  // What was clicked is gone, and the focus with it.
  useEffect(() => {
    if (editing !== undefined) card.current?.querySelector<HTMLElement>("input, button")?.focus();
  }, [editing]);
  return (
    <>
      <section class="card" ref={card}>
        <div class="row">
          <h2>Profile</h2>
          {!editing && (
            <Button needs="users.update" onClick={() => setEditing(true)}>
              Edit
            </Button>
          )}
        </div>
        {editing ? <ProfileForm user={user} onDone={() => setEditing(false)} /> : <Facts user={user} />}
      </section>
      <section class="card">
        <h2>Activity</h2>
        <dl class="facts">
          <Fact label="Created">
            <Time at={user.created_at} />
          </Fact>
          <Fact label="Changed">
            <Time at={user.updated_at} />
          </Fact>
          <Fact label="Last login">
            <Time at={user.last_login} />
          </Fact>
          <Fact label="Logins">{user.logins_count ?? 0}</Fact>
          <Fact label="Last address">{user.last_ip ?? "none"}</Fact>
          <Fact label="Password changed">
            <Time at={user.last_password_reset} />
          </Fact>
        </dl>
      </section>
    </>
  );
}

function Fact({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ user }: { user: User }) {
  return (
    <dl class="facts">
      {EDITABLE.map((name) => (
        <Fact key={name} label={labelOf(name)}>
          {user[name] ?? <span class="faint">none</span>}
        </Fact>
      ))}
    </dl>
  );
}

const textsOf = (user: User) =>
  Object.fromEntries(EDITABLE.map((name) => [name, user[name] ?? ""])) as Record<Name, string>;

function ProfileForm({ user, onDone }: { user: User; onDone: () => void }) {
  const queries = useQueryClient();
  // As it was when the form was opened: what somebody else changes meanwhile is not changed back.
  const [before] = useState(() => textsOf(user));
  // A phone number or a username is the connection's business: shown where the user has one.
  const shown = EDITABLE.filter((name) => !["email", "phone_number", "username"].includes(name) || user[name]);
  const [given, setGiven] = useState(before);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  // A space at the end of what there is already is no change.
  const changed = EDITABLE.filter((name) => given[name] !== before[name] && given[name].trim() !== before[name]);
  useUnsaved("Profile", changed.length > 0);

  async function submit(event: Event) {
    event.preventDefault();
    if (changed.length === 0) return onDone();
    if (busy) return;
    const values = (of: (name: Name) => string) => Object.fromEntries(changed.map((name) => [name, of(name) || null]));
    setBusy(true);
    setFaults({});
    try {
      await updateUser(
        queries,
        user.user_id,
        values((name) => given[name].trim()) as Management.UpdateUserRequestContent,
        `${changed.map(labelOf).join(", ")} changed.`,
        values((name) => before[name]) as Management.UpdateUserRequestContent,
      );
      onDone();
    } catch (error) {
      const named = isManagementError(error) ? (error.fieldErrors ?? []) : [];
      setFaults(Object.fromEntries(named.map(({ field, rule }) => [field, rule])));
      if (named.length === 0) tellFailure(error, () => queries.invalidateQueries({ queryKey: ["user", user.user_id] }));
      if (isUnknown(error)) onDone();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submit} noValidate>
      <div class="fields">
        {shown.map((name) => (
          <Field
            key={name}
            label={labelOf(name)}
            name={name}
            value={given[name]}
            fault={faults[name]}
            onInput={(value) => setGiven({ ...given, [name]: value })}
            autocomplete="off"
          />
        ))}
      </div>
      <FormFooter action="Save" busy={busy} onCancel={onDone} />
    </form>
  );
}
