import { useQueryClient } from "@tanstack/react-query";
import type { Management } from "auth0-users";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { showUser } from "../changes";
import { tell } from "../notices";
import { Badge, Button, Dialog, Field, nameOf, useAct, FormFooter } from "../ui";

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
      {linking && <Link user={user} onLinked={show} onClose={() => setLinking(false)} />}
    </section>
  );
}

interface LinkProps {
  user: User;
  onLinked: (identities: Management.UserIdentitySchema[]) => void;
  onClose: () => void;
}

function Link({ user, onLinked, onClose }: LinkProps) {
  const [other, setOther] = useState("");
  const [fault, setFault] = useState<string>();
  const { busy, act } = useAct();
  async function submit(event: Event) {
    event.preventDefault();
    const [provider, ...rest] = other.trim().split("|");
    const user_id = rest.join("|");
    if (!provider || !user_id) return setFault("A user id looks like google-oauth2|1234.");
    setFault(undefined);
    await act(async () => {
      onLinked(await users.identities.link(user.user_id, { provider, user_id }));
      onClose();
      tell(`${other.trim()} is an identity of ${nameOf(user)} now.`);
    });
  }
  return (
    <Dialog title={`Link another user to ${nameOf(user)}`} onClose={onClose}>
      <p>The other user leaves the list. Its metadata are lost, and unlinking does not bring them back.</p>
      <form onSubmit={submit} noValidate>
        <Field
          label="User id of the other user"
          name="other"
          value={other}
          onInput={setOther}
          fault={fault}
          autocomplete="off"
        />
        <FormFooter action="Link" busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
