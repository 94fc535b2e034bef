import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "preact/hooks";
import { type User, userBlocks, users } from "../api";
import { setBlocked } from "../changes";
import { tell } from "../notices";
import { Badge, Button, Copy, Dialog, nameOf, Time, useAct } from "../ui";
import { useBlocks } from "./blocks";
import { all, Part } from "./part";

export function Security({ user }: { user: User }) {
  return (
    <>
      <AdministratorBlock user={user} />
      <FailedLogins user={user} />
      <Methods user={user} />
      <Recovery user={user} />
    </>
  );
}

function AdministratorBlock({ user }: { user: User }) {
  const queries = useQueryClient();
  return (
    <section class="card" aria-label="Block by an administrator">
      <div class="row">
        <h2>Block by an administrator</h2>
        <Button needs="users.update" onClick={() => setBlocked(queries, user, !user.blocked)}>
          {user.blocked ? "Unblock" : "Block"}
        </Button>
      </div>
      <p>
        {user.blocked ? <Badge kind="bad">Blocked</Badge> : <Badge kind="good">Not blocked</Badge>} It holds until an
        administrator ends it. It is not the same as the lockout below; each is ended by itself.
      </p>
    </section>
  );
}

function FailedLogins({ user }: { user: User }) {
  const id = user.user_id;
  const queries = useQueryClient();
  const { busy, act } = useAct();
  const query = useBlocks(id);
  const key = ["user", id, "blocks"];
  const unblock = () =>
    act(
      async () => {
        await userBlocks.delete(id);
        queries.setQueryData(key, []);
        tell(`${nameOf(user)} is not locked out any more.`);
      },
      () => queries.invalidateQueries({ queryKey: key }),
    );
  const isLocked = (query.data?.length ?? 0) > 0;
  return (
    <Part
      title="Lockout after failed logins"
      query={query}
      empty="Not locked out."
      actions={
        isLocked && (
          <Button needs="userBlocks.delete" busy={busy} onClick={unblock}>
            End the lockout
          </Button>
        )
      }
    >
      {(blocks) => (
        <ul class="items">
          {blocks.map(({ identifier, ip, connection }) => (
            <li key={`${identifier} ${ip} ${connection}`}>
              <div>
                <strong>{identifier}</strong> <span class="faint">{connection}</span>{" "}
                {ip ? <code>{ip}</code> : <Badge>from every address</Badge>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

const METHODS: Record<string, string> = {
  "recovery-code": "Recovery code",
  "webauthn-platform": "Device biometrics",
  "webauthn-roaming": "Security key",
  email: "Email",
  guardian: "Guardian",
  passkey: "Passkey",
  password: "Password",
  phone: "Phone",
  push: "Push notification",
  totp: "One-time password",
};

function Methods({ user }: { user: User }) {
  const id = user.user_id;
  const queries = useQueryClient();
  const key = ["user", id, "methods"];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => all(users.authenticationMethods.list(id, { per_page: 100 }, { abortSignal: signal })),
  });
  const { busy, act } = useAct();
  const reload = () => queries.invalidateQueries({ queryKey: key });
  const remove = (method: string, name: string) =>
    act(async () => {
      await users.authenticationMethods.delete(id, method);
      await reload();
      tell(`${name} is removed. ${nameOf(user)} has to enroll it again to use it.`);
    }, reload);
  const [asking, setAsking] = useState(false);
  const reset = () =>
    act(async () => {
      const { steps } = await users.mfa.reset(id, { invalidateRememberedBrowsers: true });
      await reload();
      const failed = steps.find(({ status }) => status === "failed");
      if (failed) throw failed.error;
      setAsking(false);
      tell(`${nameOf(user)} has no second factor any more.`);
    }, reload);
  const forget = () =>
    act(async () => {
      await users.multifactor.invalidateRememberBrowser(id);
      tell("Every browser asks for a second factor at the next login.");
    });
  return (
    <Part
      title="Multi-factor authentication"
      query={query}
      empty="No second factor is enrolled."
      actions={
        <>
          <Button needs="users.multifactor.invalidateRememberBrowser" busy={busy} onClick={forget}>
            Forget remembered browsers
          </Button>
          {(query.data?.length ?? 0) > 0 && (
            <Button kind="danger" needs="users.authenticators.deleteAll" onClick={() => setAsking(true)}>
              Reset…
            </Button>
          )}
        </>
      }
      below={
        asking && (
          <Dialog title={`Remove every second factor of ${nameOf(user)}?`} onClose={() => setAsking(false)}>
            <p>
              All of them go, and browsers are not remembered any more; passkeys stay. This cannot be undone:{" "}
              {nameOf(user)} has to enroll again.
            </p>
            <footer>
              <Button onClick={() => setAsking(false)}>Cancel</Button>
              <Button kind="danger" busy={busy} onClick={reset}>
                Remove all
              </Button>
            </footer>
          </Dialog>
        )
      }
    >
      {(methods) => (
        <ul class="items">
          {methods.map((method) => {
            const label = METHODS[method.type] ?? method.type;
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
                <Button
                  needs="users.authenticationMethods.delete"
                  label={`Remove ${label}`}
                  busy={busy}
                  onClick={() => remove(method.id, label)}
                >
                  Remove
                </Button>
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
