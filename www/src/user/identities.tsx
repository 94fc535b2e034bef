import { useQueryClient } from "@tanstack/react-query";
import type { Management } from "auth0-users";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { showUser } from "../changes";
import { tell } from "../notices";
import { Badge, Button, Dialog, useAct } from "../ui";
import { Link } from "./link";

export function Identities({ user }: { user: User }) {
  const id = user.user_id;
  const queries = useQueryClient();
  const [unlinking, setUnlinking] = useState<Management.UserIdentitySchema>();
  const [linking, setLinking] = useState(false);
  const { busy, act } = useAct();
  const reload = () => queries.invalidateQueries({ queryKey: ["user", id], exact: true });
  const [primary, ...linked] = user.identities ?? [];
  const show = (identities: Management.UserIdentitySchema[]) => {
    showUser(queries, id, { identities });
    void queries.invalidateQueries({ queryKey: ["users"] });
  };
  const unlink = ({ provider = "", user_id = "" }: Management.UserIdentitySchema) =>
    act(async () => {
      show(await users.identities.delete(id, provider, String(user_id)));
      setUnlinking(undefined);
      tell(`The identity is a user of its own now, without metadata.`);
    }, reload);
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
              <Button
                needs="users.identities.delete"
                label={`Unlink ${identity.connection}`}
                onClick={() => setUnlinking(identity)}
              >
                Unlink…
              </Button>
            )}
          </li>
        ))}
      </ul>
      {unlinking && (
        <Dialog title={`Unlink ${unlinking.connection}?`} onClose={() => setUnlinking(undefined)}>
          <p>It becomes a user of its own, without metadata. To take it back, link that user again.</p>
          <footer>
            <Button onClick={() => setUnlinking(undefined)}>Cancel</Button>
            <Button kind="danger" busy={busy} onClick={() => unlink(unlinking)}>
              Unlink
            </Button>
          </footer>
        </Dialog>
      )}
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
