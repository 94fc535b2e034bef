import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import type { Management } from "auth0-users";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { tell, tellFailure } from "../notices";
import { Badge, Button, Choice, nameOf, useSession } from "../ui";
import { Part } from "./part";
import { useList } from "./sections";

type Role = Management.Role;
type Permission = Management.UserPermissionSchema;

/** Shows a changed list at once, takes it back if the change fails, and undoes it by its opposite. */
async function change<T>(
  queries: QueryClient,
  key: string[],
  {
    item,
    give,
    same,
    run,
    said,
  }: {
    item: T;
    give: boolean;
    same: (one: T, other: T) => boolean;
    run: (give: boolean) => Promise<unknown>;
    said: (give: boolean) => string;
  },
): Promise<void> {
  const show = (there: boolean) =>
    queries.setQueryData<T[]>(key, (now) => {
      const others = now?.filter((other) => !same(other, item));
      return others && there ? [...others, item] : others;
    });
  show(give);
  try {
    await run(give);
    tell(said(give), () => change(queries, key, { item, give: !give, same, run, said }));
  } catch (error) {
    show(!give);
    tellFailure(error, () => queries.invalidateQueries({ queryKey: key }));
  }
  void queries.invalidateQueries({
    queryKey: key.slice(0, 2),
    predicate: ({ queryKey }) => queryKey[2] === "permissions",
  });
}

export function Access({ user }: { user: User }) {
  return (
    <>
      <Roles user={user} />
      <Permissions user={user} />
    </>
  );
}

function Roles({ user }: { user: User }) {
  const id = user.user_id;
  const { directory } = useSession();
  const queries = useQueryClient();
  const key = ["user", id, "roles"];
  const query = useList(id, "roles");
  const others = directory.roles.filter((role) => !query.data?.some((own) => own.id === role.id));
  const [chosen, setChosen] = useState("");
  const role = others.find((own) => own.id === chosen) ?? others[0];
  const set = (item: Role, give: boolean) =>
    change(queries, key, {
      item,
      give,
      same: (one, other) => one.id === other.id,
      run: (now) => users.roles[now ? "assign" : "delete"](id, { roles: [item.id ?? ""] }),
      said: (now) => `${nameOf(user)} ${now ? "has" : "lost"} the role ${item.name}.`,
    });
  return (
    <Part
      title="Roles"
      query={query}
      empty="No roles."
      below={
        role && (
          <div class="row add">
            <Choice
              label="Another role"
              name="role"
              value={role.id}
              onChange={setChosen}
              options={others.map((own) => [own.id, own.name] as const)}
            />
            <Button needs="users.roles.assign" onClick={() => set(role, true)}>
              Assign
            </Button>
          </div>
        )
      }
    >
      {(roles) => (
        <ul class="items">
          {roles.map((own) => (
            <li key={own.id}>
              <div>
                <strong>{own.name}</strong>
                {own.description && <p class="faint">{own.description}</p>}
              </div>
              <Button
                needs="users.roles.delete"
                label={`Take away the role ${own.name}`}
                onClick={() => set(own, false)}
              >
                Take away
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Permissions({ user }: { user: User }) {
  const id = user.user_id;
  const { directory } = useSession();
  const queries = useQueryClient();
  const key = ["user", id, "permissions"];
  const query = useList(id, "permissions");
  const known = directory.resource_servers.flatMap(({ identifier, name, permissions }) =>
    permissions.map((permission) => ({
      permission_name: permission,
      resource_server_identifier: identifier,
      resource_server_name: name,
    })),
  );
  const same = (one: Permission, other: Permission) =>
    one.permission_name === other.permission_name &&
    one.resource_server_identifier === other.resource_server_identifier;
  const others = known.filter((one) => !query.data?.some((own) => same(own, one)));
  const textOf = (one: Permission) => `${one.permission_name} ${one.resource_server_identifier}`;
  const [chosen, setChosen] = useState("");
  const permission = others.find((one) => textOf(one) === chosen) ?? others[0];
  const set = (item: Permission, give: boolean) => {
    const { permission_name = "", resource_server_identifier = "" } = item;
    const permissions = [{ permission_name, resource_server_identifier }];
    return change(queries, key, {
      item,
      give,
      same,
      run: (now) => users.permissions[now ? "create" : "delete"](id, { permissions }),
      said: (now) => `${nameOf(user)} ${now ? "may" : "may not any more"} ${permission_name}.`,
    });
  };
  return (
    <Part
      title="Permissions"
      query={query}
      empty="No permissions."
      below={
        permission && (
          <div class="row add">
            <Choice
              label="Another permission"
              name="permission"
              value={textOf(permission)}
              onChange={setChosen}
              options={others.map(
                (one) => [textOf(one), `${one.permission_name} (${one.resource_server_name})`] as const,
              )}
            />
            <Button needs="users.permissions.create" onClick={() => set(permission, true)}>
              Give
            </Button>
          </div>
        )
      }
    >
      {(permissions) => (
        <ul class="items">
          {permissions.map((own) => {
            const roles = own.sources?.filter((source) => source.source_type === "ROLE") ?? [];
            const isDirect = roles.length === 0 || roles.length < (own.sources?.length ?? 0);
            return (
              <li key={textOf(own)}>
                <div>
                  <strong>{own.permission_name}</strong> <span class="faint">{own.resource_server_name}</span>{" "}
                  {roles.map((role) => (
                    <Badge key={role.source_id}>by the role {role.source_name}</Badge>
                  ))}
                </div>
                {isDirect && (
                  <Button
                    needs="users.permissions.delete"
                    label={`Take away ${own.permission_name}`}
                    onClick={() => set(own, false)}
                  >
                    Take away
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Part>
  );
}
