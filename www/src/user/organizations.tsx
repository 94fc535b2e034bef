import { useQuery } from "@tanstack/react-query";
import { type User, users } from "../api";
import { all, Part } from "./part";

export function Organizations({ user }: { user: User }) {
  const query = useQuery({
    queryKey: ["user", user.user_id, "organizations"],
    queryFn: ({ signal }) => all(users.organizations.list(user.user_id, {}, { abortSignal: signal })),
  });
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
