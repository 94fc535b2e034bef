import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { render } from "preact";
import { Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import { loadSession, signOut, watchSessionEnd } from "./api";
import { Notices, tellFailure } from "./notices";
import { follow, useAddress } from "./router";
import { SignIn } from "./sign-in";
import { Button, later, SessionContext } from "./ui";
import { dropUnsaved, leave, Leaving } from "./unsaved";
import { bulk, useBulk } from "./users/bulk-store";
import { UserList } from "./users/list";
import "./style.css";

const UserPage = later(() => import("./user/page").then((module) => module.UserPage));
const BulkPanel = later(() => import("./users/bulk-panel").then((module) => module.BulkPanel));

/** The client repeats what may be repeated; doing so again here would be too much. */
const queries = new QueryClient({
  defaultOptions: {
    // Where the browser takes itself for offline, a failure says so; a query that waits says nothing.
    queries: { retry: false, staleTime: 30_000, refetchOnWindowFocus: false, networkMode: "always" },
  },
});

/** When a session has ended, whatever was asked for last shows the sign-in. */
watchSessionEnd(() => void queries.invalidateQueries({ queryKey: ["session"] }));

/** What a change to many has done shows when it ends, in the list and in the pages of users. */
bulk.whenEnded(() => {
  void queries.invalidateQueries({ queryKey: ["users"] });
  void queries.invalidateQueries({ queryKey: ["user"] });
});

const THEMES = ["auto", "light", "dark"] as const;

function Theme() {
  const [theme, setTheme] = useState(() => localStorage.getItem("theme") ?? "auto");
  function choose(next: string) {
    localStorage.setItem("theme", next);
    document.documentElement.dataset.theme = next;
    setTheme(next);
  }
  return (
    <select class="theme" aria-label="Theme" value={theme} onChange={(event) => choose(event.currentTarget.value)}>
      {THEMES.map((name) => (
        <option key={name} value={name}>
          {name.charAt(0).toUpperCase() + name.slice(1)}
        </option>
      ))}
    </select>
  );
}

function View() {
  const address = new URL(useAddress(), location.origin);
  const encoded = /^\/users\/([^/]+)$/.exec(address.pathname)?.[1];
  if (encoded !== undefined) {
    const id = decoded(encoded);
    return (
      <Suspense fallback={<main aria-busy="true" />}>
        <UserPage key={id} id={id} tab={address.searchParams.get("tab") ?? "profile"} />
      </Suspense>
    );
  }
  return <UserList search={address.search} />;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Loaded with the first change to many. */
function Bulk() {
  return (
    useBulk() && (
      <Suspense fallback={null}>
        <BulkPanel />
      </Suspense>
    )
  );
}

function App() {
  const session = useQuery({ queryKey: ["session"], queryFn: loadSession, staleTime: Infinity });
  if (session.isPending) return null;
  async function end() {
    try {
      await signOut();
    } catch (error) {
      return tellFailure(error);
    }
    dropUnsaved();
    location.assign("/");
  }
  return (
    <SessionContext.Provider value={session.data ?? null}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <a href="/" class="brand" onClick={follow}>
          <img src="/icon.svg" alt="" width="26" height="26" /> Users
        </a>
        <Theme />
        {session.data && (
          <>
            <span class="operator">{session.data.operator}</span>
            <Button onClick={() => leave(end)}>Sign out</Button>
          </>
        )}
      </header>
      <div id="content" tabIndex={-1}>
        {session.data ? <View /> : <SignIn failure={session.error} />}
      </div>
      <Bulk />
      <Notices />
      <Leaving />
    </SessionContext.Provider>
  );
}

document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "auto";
const root = document.getElementById("app");
if (root) {
  render(
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>,
    root,
  );
}
