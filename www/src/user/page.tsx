import { Content, List, Root, Trigger } from "@radix-ui/react-tabs";
import { useQueryClient } from "@tanstack/react-query";
import { isManagementError } from "auth0-users";
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { client, type User } from "../api";
import { setBlocked } from "../changes";
import { tell } from "../notices";
import { addressOfUser, back, focusHeading, follow, turn } from "../router";
import { Avatar, Badge, Button, Copy, Dialog, Failure, nameOf, useAct } from "../ui";
import { Access } from "./access";
import { DeleteUser } from "./delete";
import { Identities } from "./identities";
import { Log } from "./log";
import { MetadataTab } from "./metadata";
import { Organizations } from "./organizations";
import { Profile } from "./profile";
import { useBlocks, useUser } from "./sections";
import { Security } from "./security";
import { Sessions } from "./sessions";

const TABS: Record<string, [label: string, view: ComponentType<{ user: User }>]> = {
  profile: ["Profile", Profile],
  metadata: ["Metadata", MetadataTab],
  access: ["Roles and permissions", Access],
  organizations: ["Organizations", Organizations],
  security: ["Security", Security],
  sessions: ["Sessions and devices", Sessions],
  identities: ["Identities", Identities],
  log: ["Log", Log],
};

/** Those that hold what was typed stay in the page while another one is looked at. */
const KEPT = ["profile", "metadata"];

export function UserPage({ id, tab }: { id: string; tab: string }) {
  const { data: user, error, refetch } = useUser(id);
  const heading = useRef<HTMLHeadingElement>(null);
  const tabs = useRef<HTMLDivElement>(null);
  const known = user !== undefined;
  const title = user ? nameOf(user) : "User";
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    focusHeading(heading.current);
  }, [known]);
  const isGone = isManagementError(error) && error.code === "not_found";
  const shown = Object.hasOwn(TABS, tab) ? tab : "profile";
  // Where not all tabs have room, the one that is open is seen.
  useEffect(() => {
    tabs.current?.querySelector("[data-state=active]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [known, shown]);
  return (
    <main>
      <p>
        <a href="/" class="back" onClick={goBack}>
          ← Users
        </a>
      </p>
      {error && <Failure error={error} retry={isGone ? undefined : refetch} />}
      {user && (
        <>
          <header class="person">
            <Avatar user={user} />
            <div>
              <h1 ref={heading} tabIndex={-1}>
                {nameOf(user)}
              </h1>
              <p class="id">
                <code>{user.user_id}</code>
                <Copy text={user.user_id} what="user id" />
              </p>
              <States user={user} />
            </div>
            <Actions user={user} />
          </header>
          <Root value={shown} onValueChange={(next) => turn(addressOfUser(id, next))}>
            <List ref={tabs} class="tabs" aria-label="Parts of the user">
              {Object.entries(TABS).map(([name, [label]]) => (
                <Trigger key={name} value={name}>
                  {label}
                </Trigger>
              ))}
            </List>
            {Object.entries(TABS).map(([name, [, Part]]) => (
              <Content
                key={name}
                value={name}
                hidden={name !== shown}
                {...(KEPT.includes(name) && { forceMount: true })}
              >
                <Part user={user} />
              </Content>
            ))}
          </Root>
        </>
      )}
    </main>
  );
}

/** Back to the list as it was, if that is where this page was opened from. */
function goBack(event: MouseEvent): void {
  if (history.state?.fromList && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    back();
  } else {
    follow(event);
  }
}

function States({ user }: { user: User }) {
  const blocks = useBlocks(user.user_id).data ?? [];
  return (
    <p class="states">
      {user.blocked ? <Badge kind="bad">Blocked</Badge> : <Badge kind="good">Not blocked</Badge>}
      {blocks.length > 0 && <Badge kind="warn">Locked out after failed logins</Badge>}
      {user.email &&
        (user.email_verified ? <Badge>Email verified</Badge> : <Badge kind="warn">Email not verified</Badge>)}
    </p>
  );
}

function Actions({ user }: { user: User }) {
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const [ticket, setTicket] = useState<string>();
  const { busy, act } = useAct();
  const isDatabase = user.identities?.[0]?.provider === "auth0";
  const sendVerification = () =>
    act(async () => {
      await client.jobs.verificationEmail.create({ user_id: user.user_id });
      tell(`A mail to verify it is on its way to ${user.email}.`);
    });
  const makeTicket = () =>
    act(async () => setTicket((await client.tickets.changePassword({ user_id: user.user_id })).ticket));
  return (
    <div class="actions">
      <Button needs="users.update" onClick={() => setBlocked(queries, user, !user.blocked)}>
        {user.blocked ? "Unblock" : "Block"}
      </Button>
      {user.email && !user.email_verified && (
        <Button needs="jobs.verificationEmail.create" busy={busy} onClick={sendVerification}>
          Send verification mail
        </Button>
      )}
      {isDatabase && (
        <Button needs="tickets.changePassword" busy={busy} onClick={makeTicket}>
          Password link
        </Button>
      )}
      <Button kind="danger" needs="users.delete" onClick={() => setDeleting(true)}>
        Delete…
      </Button>
      {deleting && <DeleteUser user={user} onClose={() => setDeleting(false)} />}
      {ticket !== undefined && (
        <Dialog title="Link to choose a new password" onClose={() => setTicket(undefined)}>
          <p>Whoever opens it can set the password. Send it to {nameOf(user)} only; it is not shown again.</p>
          <p class="secret">
            <code>{ticket}</code>
            <Copy text={ticket} what="link" />
          </p>
          <footer>
            <Button kind="main" onClick={() => setTicket(undefined)}>
              Done
            </Button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}
