// What can be done to those who are selected.
import { useState } from "preact/hooks";
import { users } from "../api";
import type { BulkChange } from "../bulk";
import { tellFailure } from "../notices";
import { queryOf, REACH, type View } from "../search";
import { Button, Choice, Dialog, Field, nameOf, useAct, useSession } from "../ui";
import { bulk } from "./bulk-store";

interface Props {
  selected: ReadonlyMap<string, string>;
  view: View;
  total: number;
  onChange: (selected: ReadonlyMap<string, string>) => void;
}

/** Where an answer got lost, the client looks up what became of the change before it says that it failed. */
const SETTLED = { onUnknown: "reconcile" } as const;

const block = (blocked: boolean): BulkChange => ({
  verb: blocked ? "Block" : "Unblock",
  done: blocked ? "blocked" : "unblocked",
  run: (id) => users.update(id, { blocked }, SETTLED),
});
const BLOCK: BulkChange = { ...block(true), undo: block(false) };
const UNBLOCK: BulkChange = { ...block(false), undo: block(true) };

const DELETE: BulkChange = {
  verb: "Delete",
  done: "deleted",
  run: (id) => users.delete(id, SETTLED),
};

function assign(id: string, name: string): BulkChange {
  const roles = { roles: [id] };
  return {
    verb: `Assign ${name} to`,
    done: `given the role ${name}`,
    run: (user) => users.roles.assign(user, roles, SETTLED),
  };
}

export function Selection({ selected, view, total, onChange }: Props) {
  const { directory } = useSession();
  const [asking, setAsking] = useState<"role" | "delete">();
  const { busy, act } = useAct();
  const reachable = Math.min(total, REACH);
  const targets = [...selected].map(([id, name]) => ({ id, name }));
  const people = `${selected.size} ${selected.size === 1 ? "user" : "users"}`;
  function start(change: BulkChange) {
    setAsking(undefined);
    if (bulk.isUnderWay) return tellFailure(new Error("Another change to many users is still under way."));
    bulk.start(change, targets);
    onChange(new Map());
  }
  async function selectAll() {
    await act(async () => {
      const all = new Map(selected);
      const query = {
        q: queryOf(view) ?? null,
        fields: ["user_id", "name", "email", "phone_number", "username"],
        per_page: 100,
      } as const;
      for await (const user of await users.list(query)) {
        all.set(user.user_id, nameOf(user));
        // The next page would be refused.
        if (all.size >= REACH) break;
      }
      onChange(all);
    });
  }
  return (
    <div class="selection" role="region" aria-label="Selected users">
      <strong role="status">{people} selected</strong>
      {selected.size < reachable && (
        <Button kind="link" busy={busy} onClick={selectAll}>
          Select all {reachable.toLocaleString()}
        </Button>
      )}
      <Button needs="users.update" onClick={() => start(BLOCK)}>
        Block
      </Button>
      <Button needs="users.update" onClick={() => start(UNBLOCK)}>
        Unblock
      </Button>
      <Button needs="users.roles.assign" onClick={() => setAsking("role")}>
        Assign a role…
      </Button>
      <Button kind="danger" needs="users.delete" onClick={() => setAsking("delete")}>
        Delete…
      </Button>
      <Button onClick={() => onChange(new Map())}>Clear</Button>
      {asking === "role" && (
        <AssignRole
          people={people}
          roles={directory.roles}
          onClose={() => setAsking(undefined)}
          onAssign={(id, name) => start(assign(id, name))}
        />
      )}
      {asking === "delete" && (
        <DeleteMany count={selected.size} onClose={() => setAsking(undefined)} onDelete={() => start(DELETE)} />
      )}
    </div>
  );
}

interface AssignProps {
  people: string;
  roles: { id: string; name: string }[];
  onClose: () => void;
  onAssign: (id: string, name: string) => void;
}

function AssignRole({ people, roles, onClose, onAssign }: AssignProps) {
  const [id, setId] = useState(roles[0]?.id ?? "");
  const name = roles.find((role) => role.id === id)?.name ?? "";
  return (
    <Dialog title={`Assign a role to ${people}`} onClose={onClose}>
      <Choice
        label="Role"
        name="role"
        value={id}
        onChange={setId}
        options={roles.map((role) => [role.id, role.name] as const)}
        hint="Whoever has it already keeps it."
      />
      <footer>
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="main" disabled={!id} onClick={() => onAssign(id, name)}>
          Assign
        </Button>
      </footer>
    </Dialog>
  );
}

function DeleteMany({ count, onClose, onDelete }: { count: number; onClose: () => void; onDelete: () => void }) {
  const [typed, setTyped] = useState("");
  const sentence = `delete ${count}`;
  return (
    <Dialog title={count === 1 ? "Delete 1 user" : `Delete ${count} users`} onClose={onClose}>
      <p>They lose their accounts, roles and metadata. This cannot be undone.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === sentence) onDelete();
        }}
      >
        <Field
          label={`Type “${sentence}” to confirm`}
          name="confirm"
          value={typed}
          onInput={setTyped}
          autocomplete="off"
        />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" submit disabled={typed !== sentence}>
            Delete
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
