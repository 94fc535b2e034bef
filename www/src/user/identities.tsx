import { useQueryClient } from "@tanstack/react-query";
import type { Management } from "auth0-users";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { showUser } from "../changes";
import { AskingButton } from "../confirm";
import { tell } from "../notices";
import { Badge, Button } from "../ui";
import { Link } from "./link";

export function Identities({ user }: { user: User }) {
  const id = user.user_id;
  const queries = useQueryClient();
  const [linking, setLinking] = useState(false);
  const reload = () => queries.invalidateQueries({ queryKey: ["user", id], exact: true });
  const [primary, ...linked] = user.identities ?? [];
  const show = (identities: Management.UserIdentitySchema[]) => {
    showUser(queries, id, { identities });
    void queries.invalidateQueries({ queryKey: ["users"] });
  };
  const unlink = async ({ provider = "", user_id = "" }: Management.UserIdentitySchema) => {
    show(await users.identities.delete(id, provider, String(user_id)));
    tell("The identity is a user of its own now, without metadata.");
  };
  const rows = [...(primary ? [primary] : []), ...linked];
  return (
    <section class="card" aria-label="Identities">
      <div class="row">
        <h2>Identities</h2>
        <Button needs="users.identities.link" onClick={() => setLinking(true)}>
          Link another user…
        </Button>
      </div>
      <ul class="items">
        {rows.map((identity) => (
          <li key={`${identity.provider}|${identity.user_id}`}>
            <div>
              <strong>{identity.connection}</strong> <code>{`${identity.provider}|${identity.user_id}`}</code>{" "}
              {identity === primary && <Badge>primary</Badge>} {identity.isSocial && <Badge>social</Badge>}
              {identity !== primary && identity.profileData?.email && <p class="faint">{identity.profileData.email}</p>}
            </div>
            {identity !== primary && (
              <AskingButton
                text="Unlink…"
                label={`Unlink ${identity.connection}`}
                needs="users.identities.delete"
                title={`Unlink ${identity.connection}?`}
                action="Unlink"
                run={() => unlink(identity)}
                onUnknown={reload}
              >
                It becomes a user of its own, without metadata. To take it back, link that user again.
              </AskingButton>
            )}
          </li>
        ))}
      </ul>
      {linking && (
        <Link
          user={user}
          onLinked={({ identities = [] }) => {
            show([...identities]);
            void reload();
          }}
          onClose={() => setLinking(false)}
        />
      )}
    </section>
  );
}
