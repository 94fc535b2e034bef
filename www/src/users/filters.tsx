import { useEffect, useRef, useState } from "preact/hooks";
import type { Connection } from "../api";
import { type Filters, NO_FILTERS, queryOf } from "../search";
import { Button, Choice, Field } from "../ui";

interface Props {
  filters: Filters;
  connections: Connection[];
  onChange: (filters: Filters) => void;
}

const NAMES: Record<keyof Filters, string> = {
  text: "Search",
  email: "Email is",
  name: "Name contains",
  user_id: "User id is",
  connection: "Connection",
  blocked: "Blocked",
  verified: "Email verified",
  created_from: "Created from",
  created_to: "Created up to",
  login_from: "Last login from",
  login_to: "Last login up to",
};

const YES_NO = [
  ["", "Whether or not"],
  ["yes", "Yes"],
  ["no", "No"],
] as const;

export function FilterForm({ filters, connections, onChange }: Props) {
  const own = Object.fromEntries(Object.keys(NAMES).map((name) => [name, filters[name as keyof Filters]]));
  const [given, setGiven] = useState({ ...NO_FILTERS, ...own });
  // Other filters, such as after going back, take the place of what was typed; another page or order does not.
  useEffect(() => setGiven({ ...NO_FILTERS, ...own }), [JSON.stringify(own)]);
  const active = (Object.keys(NAMES) as (keyof Filters)[]).filter((name) => name !== "text" && filters[name]);
  const [open, setOpen] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  /** For what goes away when it was clicked, and would take the focus with it. */
  function apply(next: Filters) {
    toggle.current?.focus();
    onChange(next);
  }
  useEffect(() => {
    function toSearch(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      search.current?.focus();
      search.current?.select();
    }
    addEventListener("keydown", toSearch);
    return () => removeEventListener("keydown", toSearch);
  }, []);
  const set = (name: keyof Filters) => (value: string) => setGiven({ ...given, [name]: value });
  const field = (name: keyof Filters, type = "text") => (
    <Field label={NAMES[name]} name={name} type={type} value={given[name]} onInput={set(name)} autocomplete="off" />
  );
  const choice = (name: keyof Filters, options: (readonly [string, string])[]) => (
    <Choice label={NAMES[name]} name={name} value={given[name]} onChange={set(name)} options={options} />
  );
  const query = queryOf(given);
  return (
    <form
      role="search"
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (document.activeElement !== search.current) toggle.current?.focus();
        setOpen(false);
        onChange(given);
      }}
    >
      <div class="search-row">
        <input
          ref={search}
          type="search"
          name="text"
          value={given.text}
          onInput={(event) => set("text")(event.currentTarget.value)}
          aria-label="Search users by name, email or user id"
          placeholder="Name, email or user id"
          aria-keyshortcuts="Control+K"
          autocomplete="off"
          spellcheck={false}
        />
        <Button kind="main" submit>
          Search
        </Button>
        <button
          ref={toggle}
          type="button"
          class="button plain"
          aria-expanded={open}
          aria-controls="filters"
          onClick={() => setOpen(!open)}
        >
          Filters{active.length > 0 && ` (${active.length})`}
        </button>
      </div>
      {active.length > 0 && (
        <ul class="chips" aria-label="Filters in use">
          {active.map((name) => (
            <li key={name}>
              {NAMES[name]}: {filters[name]}
              <Button
                kind="icon"
                label={`Remove the filter ${NAMES[name]}`}
                onClick={() => apply({ ...filters, [name]: "" })}
              >
                ✕
              </Button>
            </li>
          ))}
          <li class="all">
            <Button kind="link" onClick={() => apply(NO_FILTERS)}>
              Remove all
            </Button>
          </li>
        </ul>
      )}
      <fieldset id="filters" hidden={!open} class="card">
        <legend class="unseen">Filters</legend>
        <div class="fields">
          {field("email", "email")}
          {field("name")}
          {field("user_id")}
          {choice("connection", [["", "Any"], ...connections.map(({ name }) => [name, name] as const)])}
          {choice("blocked", [...YES_NO])}
          {choice("verified", [...YES_NO])}
          {field("created_from", "date")}
          {field("created_to", "date")}
          {field("login_from", "date")}
          {field("login_to", "date")}
        </div>
        <div class="row">
          <Button kind="main" submit>
            Apply
          </Button>
          {query && (
            <p class="faint">
              Sent as <code>{query}</code>
            </p>
          )}
        </div>
      </fieldset>
    </form>
  );
}
