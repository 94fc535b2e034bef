import { useQueryClient } from "@tanstack/react-query";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { AskingButton } from "../confirm";
import { tell } from "../notices";
import { Badge, Button, nameOf, Time } from "../ui";
import { Part } from "./part";
import { useList } from "./sections";
import { SignOutEverywhere } from "./sign-out";

export function Sessions({ user }: { user: User }) {
  const id = user.user_id;
  const queries = useQueryClient();
  const sessions = useList(id, "sessions");
  const tokens = useList(id, "refreshTokens");
  const [asking, setAsking] = useState(false);
  const reload = () => {
    void queries.invalidateQueries({ queryKey: ["user", id, "sessions"] });
    void queries.invalidateQueries({ queryKey: ["user", id, "refreshTokens"] });
  };
  /** The tenant takes these in and works on them for a while. */
  const end = (work: () => Promise<void>, said: string) => async () => {
    await work();
    reload();
    tell(said);
  };
  const name = nameOf(user);
  return (
    <>
      <Part
        title="Sessions"
        query={sessions}
        empty="Not signed in anywhere."
        actions={
          (sessions.data?.length ?? 0) > 0 && (
            <AskingButton
              text="End all sessions…"
              needs="users.sessions.delete"
              title={`End all sessions of ${name}?`}
              action="End all sessions"
              run={end(() => users.sessions.delete(id), `The sessions of ${name} are being ended.`)}
              onUnknown={reload}
            >
              {name} is signed out of every browser, and has to sign in again there. This cannot be undone.
            </AskingButton>
          )
        }
      >
        {(items) => (
          <ul class="items">
            {items.map(({ id: key, device, clients, last_interacted_at, expires_at }) => (
              <li key={key}>
                <div>
                  <strong>{agentOf(device?.last_user_agent ?? device?.initial_user_agent)}</strong>{" "}
                  <code>{device?.last_ip ?? device?.initial_ip ?? "unknown address"}</code>
                  <p class="faint">
                    Last used <Time at={last_interacted_at} />, until <Time at={expires_at} otherwise="no end" />
                    {clients && clients.length > 0 && `, in ${clients.map(({ client_id }) => client_id).join(", ")}`}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part
        title="Devices with refresh tokens"
        query={tokens}
        empty="No device can sign in again by itself."
        actions={
          (tokens.data?.length ?? 0) > 0 && (
            <AskingButton
              text="Sign out all devices…"
              needs="users.refreshToken.delete"
              title={`Sign out all devices of ${name}?`}
              action="Sign out all devices"
              run={end(() => users.refreshToken.delete(id), `The devices of ${name} are being signed out.`)}
              onUnknown={reload}
            >
              Every refresh token is revoked, and {name} has to sign in again on each device. This cannot be undone.
            </AskingButton>
          )
        }
      >
        {(items) => (
          <ul class="items">
            {items.map(({ id: key, device, client_id, created_at, last_exchanged_at, rotating, resource_servers }) => (
              <li key={key}>
                <div>
                  <strong>{agentOf(device?.last_user_agent ?? device?.initial_user_agent)}</strong>{" "}
                  {rotating && <Badge>rotating</Badge>}
                  <p class="faint">
                    {client_id}, since <Time at={created_at} />, last used <Time at={last_exchanged_at} />
                    {resource_servers && `, for ${resource_servers.map(({ audience }) => audience).join(", ")}`}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Part>
      <section class="card" aria-label="Everywhere">
        <div class="row">
          <h2>Everywhere</h2>
          <Button
            kind="danger"
            needs={["users.revokeAccess", "users.sessions.delete", "users.refreshToken.delete"]}
            onClick={() => setAsking(true)}
          >
            Sign out everywhere…
          </Button>
        </div>
        <p>Ends all sessions and refresh tokens together, such as after a theft, and looks what is left.</p>
      </section>
      {asking && <SignOutEverywhere user={user} onClose={() => setAsking(false)} />}
    </>
  );
}

/** The name of a browser and a system, where the text of the user agent has both; the text itself otherwise. */
function agentOf(text: string | undefined): string {
  if (!text) return "Unknown device";
  const browser = /(Firefox|Edg|Chrome|Safari)\//.exec(text)?.[1]?.replace("Edg", "Edge");
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(text)?.[1];
  return browser && system ? `${browser} on ${system.replace("Mac OS X", "macOS")}` : text;
}
