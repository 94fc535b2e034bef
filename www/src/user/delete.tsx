import { useQueryClient } from "@tanstack/react-query";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { forgetUser } from "../changes";
import { tell } from "../notices";
import { go } from "../router";
import { Button, Dialog, Field, nameOf, useAct } from "../ui";
import { dropUnsaved } from "../unsaved";

/** As the name is seen: nobody sees a second space, or one at the end, and can type it. */
const plain = (text: string) => text.trim().replaceAll(/\s+/g, " ");

export function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const { busy, act } = useAct();
  const name = nameOf(user);
  const isConfirmed = plain(typed) === plain(name);
  async function submit(event: Event) {
    event.preventDefault();
    if (!isConfirmed) return;
    await act(
      async () => {
        await users.delete(user.user_id);
        onClose();
        tell(`${name} is deleted.`);
        dropUnsaved();
        if (location.pathname !== "/") go("/");
        forgetUser(queries, user.user_id);
        // Where the focus was is gone.
        requestAnimationFrame(() => document.querySelector<HTMLElement>("main h1")?.focus());
      },
      () => queries.invalidateQueries({ queryKey: ["user", user.user_id] }),
    );
  }
  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose}>
      <p>
        The account, what is linked to it, its roles and its metadata are gone then. This cannot be undone. To keep
        somebody out for a while, block them.
      </p>
      <form onSubmit={submit}>
        <Field label={`Type “${name}” to confirm`} name="confirm" value={typed} onInput={setTyped} autocomplete="off" />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" submit busy={busy} disabled={!isConfirmed}>
            Delete
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
