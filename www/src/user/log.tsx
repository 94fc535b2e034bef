import { useInfiniteQuery } from "@tanstack/react-query";
import { type User, users } from "../api";
import { Badge, Button, Failure } from "../ui";

/** The events that operators ask about most; others show their code. */
const EVENTS: Record<string, [text: string, kind: "good" | "bad" | "plain"]> = {
  s: ["Signed in", "good"],
  f: ["Login failed", "bad"],
  fp: ["Wrong password", "bad"],
  fu: ["Unknown username", "bad"],
  slo: ["Signed out", "plain"],
  ss: ["Signed up", "good"],
  seacft: ["Got a token", "plain"],
  sertft: ["Renewed a token", "plain"],
  scp: ["Changed the password", "plain"],
  sv: ["Verified the email", "good"],
  limit_wc: ["Locked out", "bad"],
  gd_auth_failed: ["Second factor failed", "bad"],
  gd_auth_succeed: ["Second factor passed", "good"],
};

const PER_PAGE = 20;

export function Log({ user }: { user: User }) {
  const { data, error, isPending, hasNextPage, fetchNextPage, refetch, isFetching, isFetchNextPageError } =
    useInfiniteQuery({
      queryKey: ["user", user.user_id, "log"],
      initialPageParam: 0,
      queryFn: async ({ pageParam, signal }) => {
        const page = await users.logs.list(
          user.user_id,
          { page: pageParam, per_page: PER_PAGE, sort: "date:-1" },
          { abortSignal: signal },
        );
        return { items: page.data, next: page.hasNextPage() ? pageParam + 1 : undefined };
      },
      getNextPageParam: ({ next }) => next,
    });
  const events = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section class="card" aria-label="Log" aria-busy={isFetching}>
      <h2>Log</h2>
      {isPending && <p class="faint">Loading…</p>}
      {error && <Failure error={error} retry={isFetchNextPageError ? undefined : refetch} />}
      {data && events.length === 0 && <p class="faint">Nothing has happened yet.</p>}
      <ul class="items">
        {events.map(({ log_id, type = "", date, ip, client_name, connection, description, user_agent }) => {
          const [text, kind] = EVENTS[type] ?? [`Event ${type}`, "plain" as const];
          return (
            <li key={log_id}>
              <div>
                <Badge kind={kind}>{text}</Badge> {description}
                <p class="faint">
                  {typeof date === "string" && (
                    <time dateTime={date}>
                      {new Date(date).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}
                    </time>
                  )}
                  {[client_name, connection, ip].filter(Boolean).map((part) => ` · ${part}`)}
                </p>
                {user_agent && <p class="faint agent">{user_agent}</p>}
              </div>
            </li>
          );
        })}
      </ul>
      {hasNextPage && (
        <Button busy={isFetching} onClick={() => fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}
