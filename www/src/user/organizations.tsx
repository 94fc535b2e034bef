import type { User } from "../api";
import { Part } from "./part";
import { useList } from "./sections";

export function Organizations({ user }: { user: User }) {
  const query = useList(user.user_id, "organizations");
  return (
    <Part title="Organizations" query={query} empty="No member of any organization.">
      {(organizations) => (
        <ul class="items">
          {organizations.map(({ id, name, display_name }) => (
            <li key={id}>
              <div>
                <strong>{display_name ?? name}</strong> <code>{id}</code>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}
