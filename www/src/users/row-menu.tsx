import { Content, Item, Portal, Root, Trigger } from "@radix-ui/react-dropdown-menu";
import { useQueryClient } from "@tanstack/react-query";
import { Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import type { User } from "../api";
import { setBlocked } from "../changes";
import { tell, tellFailure } from "../notices";
import { addressOfUser, go } from "../router";
import { later, nameOf, useSession } from "../ui";

const DeleteUser = later(() => import("../user/delete").then((module) => module.DeleteUser));

export function RowMenu({ user }: { user: User }) {
  const { can } = useSession();
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(user.user_id);
      tell("The user id is copied.");
    } catch (error) {
      tellFailure(error);
    }
  }
  return (
    <>
      {/* Not modal: what locks scrolling adds a style element, which the policy of the page forbids. */}
      <Root modal={false}>
        <Trigger class="button icon" aria-label={`Actions for ${nameOf(user)}`}>
          ⋯
        </Trigger>
        <Portal>
          <Content class="menu" align="end" sideOffset={4}>
            <Item onSelect={() => go(addressOfUser(user.user_id))}>Open</Item>
            <Item onSelect={copy}>Copy user id</Item>
            <Item disabled={!can("users.update")} onSelect={() => setBlocked(queries, user, !user.blocked)}>
              {user.blocked ? "Unblock" : "Block"}
            </Item>
            <Item class="danger" disabled={!can("users.delete")} onSelect={() => setDeleting(true)}>
              Delete…
            </Item>
          </Content>
        </Portal>
      </Root>
      {deleting && (
        <Suspense fallback={null}>
          <DeleteUser user={user} onClose={() => setDeleting(false)} />
        </Suspense>
      )}
    </>
  );
}
