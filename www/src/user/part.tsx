// A part of a user that is loaded by itself: waiting, failed, empty or there.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ComponentChildren } from "preact";
import { Button } from "../ui";
import { explain } from "../words";

interface PartProps<T> {
  title: string;
  query: UseQueryResult<readonly T[]>;
  /** What to say where there is nothing. */
  empty: string;
  children: (items: readonly T[]) => ComponentChildren;
  /** What can be done to all of it, beside its title. */
  actions?: ComponentChildren;
  /** What stands below, such as a form to add one. */
  below?: ComponentChildren;
}

export function Part<T>({ title, query, empty, children, actions, below }: PartProps<T>) {
  const { data, error, refetch } = query;
  return (
    <section class="card" aria-label={title} aria-busy={query.isPending}>
      <div class="row">
        <h2>{title}</h2>
        {actions}
      </div>
      {query.isPending && <p class="faint">Loading…</p>}
      {error && (
        <div class="failure" role="alert">
          <p>
            {explain(error).what} {explain(error).remedy}
          </p>
          <Button onClick={() => refetch()}>Try again</Button>
        </div>
      )}
      {data && (data.length === 0 ? <p class="faint">{empty}</p> : children(data))}
      {data && below}
    </section>
  );
}
