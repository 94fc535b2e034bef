import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  createColumnHelper,
  flexRender,
  getCoreRowModel,
  type RowSelectionState,
  useReactTable,
} from "@tanstack/react-table";
import { Suspense } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import { type User, users } from "../api";
import { addressOfUser, focusHeading, follow, go } from "../router";
import { addressOf, type Filters, PER_PAGE, queryOf, REACH, type View, viewOf } from "../search";
import { Avatar, Badge, Button, Failure, later, nameOf, Time, useSession } from "../ui";
import { FilterForm } from "./filters";
import { RowMenu } from "./row-menu";
import { select, useSelected } from "./selected";

const CreateUser = later(() => import("./create").then((module) => module.CreateUser));
const ExportDialog = later(() => import("./export").then((module) => module.ExportDialog));
const Selection = later(() => import("./selection").then((module) => module.Selection));

const FIELDS = [
  "user_id",
  "name",
  "email",
  "email_verified",
  "phone_number",
  "username",
  "identities",
  "blocked",
  "logins_count",
  "last_login",
  "created_at",
] as const;

async function load(view: View, signal: AbortSignal): Promise<{ data: User[]; total: number }> {
  const query = { q: queryOf(view) ?? null, sort: view.sort as `${string}:1`, fields: FIELDS.join(",") };
  const page = await users.list({ ...query, page: view.page - 1, per_page: PER_PAGE }, { abortSignal: signal });
  return { data: page.data as User[], total: page.response.total };
}

const options = (view: View) => ({
  queryKey: ["users", view] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => load(view, signal),
});

const column = createColumnHelper<User>();

const columns = [
  column.display({
    id: "select",
    header: ({ table }) => (
      <input
        type="checkbox"
        aria-label="Select all on this page"
        checked={table.getIsAllRowsSelected()}
        ref={(box) => {
          if (box) box.indeterminate = table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected();
        }}
        onChange={table.getToggleAllRowsSelectedHandler()}
      />
    ),
    cell: ({ row }) => (
      <input
        type="checkbox"
        aria-label={`Select ${nameOf(row.original)}`}
        checked={row.getIsSelected()}
        onChange={row.getToggleSelectedHandler()}
      />
    ),
  }),
  column.accessor("name", {
    header: "Name",
    cell: ({ row: { original: user } }) => (
      <div class="who">
        <Avatar user={user} />
        <div class="contact">
          <a href={addressOfUser(user.user_id)} onClick={follow}>
            {nameOf(user)}
          </a>
          {user.blocked && <Badge kind="bad">Blocked</Badge>}
        </div>
      </div>
    ),
  }),
  column.accessor("email", {
    header: "Email",
    cell: ({ row: { original: user } }) => (
      <div class="contact">
        <span>{user.email ?? user.phone_number ?? "none"}</span>
        {user.email && user.email_verified === false && <Badge>Not verified</Badge>}
      </div>
    ),
  }),
  column.accessor((user) => user.identities?.[0]?.connection ?? "", {
    id: "connection",
    header: "Connection",
    enableSorting: false,
    cell: ({ row: { original: user }, getValue }) => (
      <>
        {getValue()}
        {(user.identities?.length ?? 0) > 1 && <span class="faint"> +{(user.identities?.length ?? 0) - 1}</span>}
      </>
    ),
  }),
  column.accessor("logins_count", { header: "Logins", cell: ({ getValue }) => getValue() ?? 0 }),
  column.accessor("last_login", { header: "Last login", cell: ({ getValue }) => <Time at={getValue()} /> }),
  column.accessor("created_at", { header: "Created", cell: ({ getValue }) => <Time at={getValue()} /> }),
  column.display({
    id: "actions",
    header: () => <span class="unseen">Actions</span>,
    cell: ({ row }) => <RowMenu user={row.original} />,
  }),
];

/** Arrow keys go from row to row, in the column where the focus is. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target as HTMLElement;
  const row = from.closest("tr");
  if (!step || !row?.parentElement || from.getAttribute("aria-haspopup")) return;
  const place = from.matches("input") ? "input" : "a";
  const rows = [...row.parentElement.children];
  const next = rows[rows.indexOf(row) + step]?.querySelector<HTMLElement>(place);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function UserList({ search }: { search: string }) {
  const view = viewOf(search);
  const session = useSession();
  const queries = useQueryClient();
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    ...options(view),
    placeholderData: keepPreviousData,
  });
  const selected = useSelected();
  const [creating, setCreating] = useState(false);
  const [exporting, setExporting] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = "Users";
    focusHeading(heading.current);
  }, []);

  const show = (changes: Partial<View>) => go(addressOf({ ...view, page: 1, ...changes }));
  const rows = data?.data ?? [];
  const total = data?.total ?? 0;
  const pages = Math.max(1, Math.ceil(Math.min(total, REACH) / PER_PAGE));
  const hasNext = view.page < pages;
  useEffect(() => {
    if (hasNext && !isFetching && !error) {
      void queries.prefetchQuery(options({ ...view, page: view.page + 1 }));
    }
  }, [search, hasNext, isFetching]);

  const rowSelection: RowSelectionState = Object.fromEntries([...selected.keys()].map((id) => [id, true]));
  const [sortField = "", sortOrder] = view.sort.split(":");
  const table = useReactTable({
    data: rows,
    columns,
    getRowId: (user) => user.user_id,
    getCoreRowModel: getCoreRowModel(),
    manualSorting: true,
    manualPagination: true,
    state: { rowSelection, sorting: [{ id: sortField, desc: sortOrder === "-1" }] },
    onRowSelectionChange: (update) => {
      const next = typeof update === "function" ? update(rowSelection) : update;
      const names = new Map([...selected, ...rows.map((user) => [user.user_id, nameOf(user)] as const)]);
      select(new Map(Object.keys(next).map((id) => [id, names.get(id) ?? id])));
    },
  });

  return (
    <main>
      <div class="title">
        <h1 ref={heading} tabIndex={-1}>
          Users
        </h1>
        <p class="count" role="status">
          {data && !isPlaceholderData && <Count total={total} filtered={queryOf(view) !== undefined} />}
        </p>
        <div class="row">
          <Button needs="users.list" onClick={() => setExporting(true)}>
            Export…
          </Button>
          <Button kind="main" needs="users.create" onClick={() => setCreating(true)}>
            New user
          </Button>
        </div>
      </div>
      <FilterForm
        filters={view}
        connections={session.directory.connections}
        onChange={(filters: Filters) => show(filters)}
      />

      {error && <Failure error={error} retry={refetch} />}
      {total >= REACH && <Reach rows={rows} view={view} show={show} />}

      <div class={`table-box ${isFetching ? "loading" : ""}`} aria-busy={isFetching}>
        <table onKeyDown={moveFocus}>
          <caption class="unseen">Users, page {view.page}</caption>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map(({ id, column: { columnDef, getCanSort, getIsSorted }, getContext }) => (
                  <th key={id} class={id} scope="col" aria-sort={SORT_NAMES[String(getIsSorted())]}>
                    {getCanSort() ? (
                      <button
                        type="button"
                        onClick={() => show({ sort: `${id}:${getIsSorted() === "desc" ? 1 : -1}` })}
                      >
                        {flexRender(columnDef.header, getContext())}
                        <span aria-hidden="true">{ARROWS[String(getIsSorted())]}</span>
                      </button>
                    ) : (
                      flexRender(columnDef.header, getContext())
                    )}
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} aria-selected={row.getIsSelected()} class={row.getIsSelected() ? "selected" : ""}>
                {row.getVisibleCells().map((cell) => (
                  <td key={cell.id} class={cell.column.id}>
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </td>
                ))}
              </tr>
            ))}
            {!data && !error && <Placeholder />}
          </tbody>
        </table>
        {data && rows.length === 0 && <Nobody view={view} total={total} show={show} />}
      </div>

      <nav class="pages" aria-label="Pages">
        <Button disabled={view.page <= 1} onClick={() => show({ page: Math.min(view.page - 1, pages) })}>
          Previous
        </Button>
        <span>
          Page {view.page} of {pages}
        </span>
        <Button disabled={!hasNext || isPlaceholderData} onClick={() => show({ page: view.page + 1 })}>
          Next
        </Button>
      </nav>

      {selected.size > 0 && (
        <Suspense fallback={null}>
          <Selection selected={selected} view={view} total={total} onChange={select} />
        </Suspense>
      )}
      {creating && (
        <Suspense fallback={null}>
          <CreateUser onClose={() => setCreating(false)} />
        </Suspense>
      )}
      {exporting && (
        <Suspense fallback={null}>
          <ExportDialog
            q={queryOf(view)}
            total={data && !isPlaceholderData && total < REACH ? total : undefined}
            onClose={() => setExporting(false)}
          />
        </Suspense>
      )}
    </main>
  );
}

const SORT_NAMES: Record<string, "ascending" | "descending" | "none"> = {
  asc: "ascending",
  desc: "descending",
  false: "none",
};
const ARROWS: Record<string, string> = { asc: " ↑", desc: " ↓", false: "" };

function Count({ total, filtered }: { total: number; filtered: boolean }) {
  const number = total.toLocaleString();
  if (total >= REACH)
    return (
      <>
        {number} or more{filtered && " match"}
      </>
    );
  if (!filtered) return <>{number} in all</>;
  return <>{total === 1 ? "1 matches" : `${number} match`}</>;
}

function Placeholder() {
  return (
    <>
      {Array.from({ length: 8 }, (_, row) => (
        <tr key={row} class="placeholder" aria-hidden="true">
          <td colSpan={8}>
            <span />
          </td>
        </tr>
      ))}
    </>
  );
}

/** Why a page has nobody, and what leads to somebody. */
function Nobody({ view, total, show }: { view: View; total: number; show: (changes: Partial<View>) => void }) {
  if (total > 0) {
    return (
      <p class="empty">
        There are not so many pages any more.{" "}
        <Button kind="link" onClick={() => show({ page: 1 })}>
          Show the first page
        </Button>
      </p>
    );
  }
  if (queryOf(view) === undefined) return <p class="empty">There are no users yet.</p>;
  const isShort = [view.text, view.name].some((text) => [1, 2].includes([...text.trim()].length));
  return (
    <p class="empty">
      Nobody matches. {isShort && "Parts of names and emails are found from three characters on. "}
      <Button kind="link" onClick={() => go("/")}>
        Show everybody
      </Button>
    </p>
  );
}

/** Auth0's cap, before anybody runs into it: a way to go on is to look at those that come after the last one. */
function Reach({ rows, view, show }: { rows: User[]; view: View; show: (changes: Partial<View>) => void }) {
  const last = rows.at(-1)?.created_at?.slice(0, 10);
  const [field, order] = view.sort.split(":");
  const atEnd = view.page === REACH / PER_PAGE;
  return (
    <div class="info">
      <p>
        A search reaches its first {REACH.toLocaleString()} users, and there may be more than those. Narrow it down with
        a filter, go through them by the day they were created, or export them all.
      </p>
      {atEnd && field === "created_at" && last && (
        <Button onClick={() => show(order === "-1" ? { created_to: last } : { created_from: last })}>
          Go on with those {order === "-1" ? "up to" : "from"} {last}
        </Button>
      )}
      {field !== "created_at" && <Button onClick={() => show({ sort: "created_at:-1" })}>Sort by day created</Button>}
    </div>
  );
}
