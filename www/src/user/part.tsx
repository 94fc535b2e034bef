// A part of a user that is loaded by itself: waiting, failed, empty or there.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Failure } from "../ui";

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
  const heading = useRef<HTMLHeadingElement>(null);
  const focused = useRef<HTMLElement>();
  // What had the focus goes with its item.
  useEffect(() => {
    if (focused.current?.isConnected !== false) return;
    if (document.activeElement === document.body) heading.current?.focus();
    focused.current = undefined;
  }, [data, error]);
  return (
    <section
      class="card"
      aria-label={title}
      aria-busy={query.isPending}
      onFocusIn={(event) => {
        focused.current = event.target as HTMLElement;
      }}
    >
      <div class="row">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {actions}
      </div>
      {query.isPending && <p class="faint">Loading…</p>}
      {error && <Failure error={error} retry={refetch} />}
      {data && (data.length === 0 ? <p class="faint">{empty}</p> : children(data))}
      {data && below}
    </section>
  );
}
