import { useQueryClient } from "@tanstack/react-query";
import type { Management } from "auth0-users";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { AskingButton } from "../confirm";
import { tell } from "../notices";
import { Badge, Button, Copy, Dialog, nameOf, Time, useAct } from "../ui";
import { Access } from "./blocks";
import { labelOfMethod } from "./methods";
import { Part } from "./part";
import { useList } from "./sections";
import { StepsDialog } from "./steps";

/** What it takes to remove every second factor. */
const RESET = [
  "users.authenticators.deleteAll",
  "users.authenticationMethods.delete",
  "users.multifactor.deleteProvider",
  "users.multifactor.invalidateRememberBrowser",
] as const;

export function Security({ user }: { user: User }) {
  return (
    <>
      <Access user={user} />
      <Methods user={user} />
      <Recovery user={user} />
    </>
  );
}

/** What a step of removing them all does. */
function nameOfStep(step: string, methods: readonly Management.UserAuthenticationMethod[] = []): string {
  const [kind, id = ""] = step.split(/ (.*)/s);
  if (kind === "method") {
    return `Remove ${labelOfMethod(methods.find((method) => method.id === id)?.type ?? id)}`;
  }
  if (kind === "provider") return `Remove what is enrolled with ${id}`;
  return kind === "authenticators" ? "Remove all authenticators" : "Forget remembered browsers";
}

function Methods({ user }: { user: User }) {
  const id = user.user_id;
  const queries = useQueryClient();
  const query = useList(id, "authenticationMethods");
  const reload = () => queries.invalidateQueries({ queryKey: ["user", id, "authenticationMethods"] });
  const remove = async (method: string, name: string) => {
    await users.authenticationMethods.delete(id, method);
    await reload();
    tell(`${name} is removed.`);
  };
  const [asking, setAsking] = useState(false);
  const hasFactors = (query.data?.length ?? 0) + (user.multifactor?.length ?? 0) > 0;
  const forget = async () => {
    await users.multifactor.invalidateRememberBrowser(id);
    tell("Every browser asks for a second factor at the next login.");
  };
  return (
    <Part
      title="Multi-factor authentication"
      query={query}
      empty="No second factor is enrolled."
      actions={
        <>
          <AskingButton
            text="Forget remembered browsers…"
            needs="users.multifactor.invalidateRememberBrowser"
            title={`Forget the remembered browsers of ${nameOf(user)}?`}
            action="Forget them"
            run={forget}
          >
            {nameOf(user)} is asked for a second factor at the next login in every browser. This cannot be undone.
          </AskingButton>
          {hasFactors && (
            <Button kind="danger" needs={RESET} onClick={() => setAsking(true)}>
              Reset…
            </Button>
          )}
        </>
      }
      below={
        asking && (
          <StepsDialog
            title={`Remove every second factor of ${nameOf(user)}?`}
            action="Remove all"
            needs={RESET}
            run={(how) => users.mfa.reset(id, { invalidateRememberedBrowsers: true, ...how })}
            nameOf={(step) => nameOfStep(step, query.data)}
            onDone={({ ok }) => {
              void reload();
              if (ok) tell(`${nameOf(user)} has no second factor any more.`);
            }}
            onClose={() => setAsking(false)}
          >
            {({ dryRun }) => dryRun && <p>Passkeys stay. This cannot be undone: {nameOf(user)} has to enroll again.</p>}
          </StepsDialog>
        )
      }
    >
      {(methods) => (
        <ul class="items">
          {methods.map((method) => {
            const label = labelOfMethod(method.type);
            return (
              <li key={method.id}>
                <div>
                  <strong>{label}</strong> {method.name ?? method.phone_number ?? method.email}{" "}
                  {method.confirmed === false && <Badge kind="warn">Not confirmed</Badge>}
                  <p class="faint">
                    Enrolled <Time at={method.enrolled_at ?? method.created_at} />, last used{" "}
                    <Time at={method.last_auth_at} />
                  </p>
                </div>
                <AskingButton
                  text="Remove…"
                  label={`Remove ${label}`}
                  needs="users.authenticationMethods.delete"
                  title={`Remove ${label}?`}
                  action="Remove"
                  run={() => remove(method.id, label)}
                  onUnknown={reload}
                >
                  This cannot be undone: {nameOf(user)} has to enroll it again to use it.
                </AskingButton>
              </li>
            );
          })}
        </ul>
      )}
    </Part>
  );
}

function Recovery({ user }: { user: User }) {
  const [asking, setAsking] = useState(false);
  const [code, setCode] = useState<string>();
  const { busy, act } = useAct();
  const close = () => {
    setAsking(false);
    setCode(undefined);
  };
  const make = () => act(async () => setCode((await users.regenerateRecoveryCode(user.user_id)).recovery_code), close);
  return (
    <section class="card" aria-label="Recovery code">
      <div class="row">
        <h2>Recovery code</h2>
        <Button needs="users.regenerateRecoveryCode" onClick={() => setAsking(true)}>
          New recovery code…
        </Button>
      </div>
      <p>It lets {nameOf(user)} sign in without the second factor, once. A new one makes the old one useless.</p>
      {asking && (
        <Dialog title="New recovery code" onClose={close}>
          {code === undefined ? (
            <p>The recovery code that {nameOf(user)} may have kept stops working at once.</p>
          ) : (
            <>
              <p>Give it to {nameOf(user)} now. It is shown this once, and kept nowhere.</p>
              <p class="secret" role="status">
                <code>{code}</code>
                <Copy text={code} what="recovery code" />
              </p>
            </>
          )}
          <footer>
            {code === undefined && <Button onClick={close}>Cancel</Button>}
            {code === undefined ? (
              <Button kind="main" busy={busy} onClick={make}>
                Make a new one
              </Button>
            ) : (
              <Button kind="main" onClick={close}>
                Done
              </Button>
            )}
          </footer>
        </Dialog>
      )}
    </section>
  );
}
