// The editor of metadata: shows what will be sent and what becomes of it, before it is sent.
import { useQueryClient } from "@tanstack/react-query";
import { type MetadataChange, MetadataConflictError } from "auth0-users/admin";
import { useEffect, useId, useState } from "preact/hooks";
import { type User, users } from "../api";
import { showUser } from "../changes";
import { tell, tellFailure } from "../notices";
import { Button, Dialog, useAct } from "../ui";
import { useUnsaved } from "../unsaved";

type Kind = "user" | "app";
type Metadata = Record<string, unknown>;

const FIELDS = { user: "user_metadata", app: "app_metadata" } as const;
const TITLES: Record<Kind, [title: string, about: string]> = {
  user: ["User metadata", "What users may know and change, such as preferences."],
  app: ["App metadata", "What applications decide by, such as plans. Users cannot change it."],
};

const pretty = (value: unknown) => JSON.stringify(value, null, 2);
const textOf = (user: User, kind: Kind) => pretty(user[FIELDS[kind]] ?? {});

export function MetadataTab({ user }: { user: User }) {
  return (
    <>
      <MetadataEditor user={user} kind="user" />
      <MetadataEditor user={user} kind="app" />
    </>
  );
}

function MetadataEditor({ user, kind }: { user: User; kind: Kind }) {
  const queries = useQueryClient();
  // What the text began with; `other` is what somebody else has made of it since.
  const [seen, setSeen] = useState(user);
  const [other, setOther] = useState<User>();
  const [text, setText] = useState(textOf(user, kind));
  const [review, setReview] = useState<MetadataChange>();
  const { busy, act } = useAct();
  const id = useId();
  const [title, about] = TITLES[kind];
  const parsed = parse(text);
  const fault = "fault" in parsed ? parsed.fault : undefined;
  const isChanged = text !== textOf(seen, kind);
  useUnsaved(title, isChanged);
  useEffect(() => {
    // A text that was begun stays as it is.
    if (isChanged && textOf(user, kind) !== textOf(seen, kind)) return;
    if (!isChanged) setText(textOf(user, kind));
    setSeen(user);
  }, [user]);

  async function load(): Promise<User> {
    const now = await users.get(user.user_id);
    showUser(queries, user.user_id, now);
    queries.setQueryData(["user", user.user_id], now);
    return now;
  }

  /** Makes the metadata what the text says, or tells what that would do. Nothing of somebody else is overwritten unseen. */
  async function replace(from: User, dryRun: boolean): Promise<MetadataChange | undefined> {
    if (!("value" in parsed)) return undefined;
    const send = (ifUnmodifiedSince = "") =>
      users
        .metadata(user.user_id)
        [kind].replace(parsed.value, { dryRun, ...(ifUnmodifiedSince && { ifUnmodifiedSince }) });
    try {
      return await send(from.updated_at);
    } catch (error) {
      if (!(error instanceof MetadataConflictError)) throw error;
      const now = await load();
      // A login, or a change of something else, is not in the way.
      if (textOf(now, kind) === textOf(from, kind)) return send(now.updated_at);
      setOther(now);
      return undefined;
    }
  }

  const compare = (from: User) =>
    act(async () => {
      const change = await replace(from, true);
      if (change && !isExact(change.patch)) {
        throw Object.assign(new RangeError("JSON.parse rounds such integers"), { code: "unsafe_integer" });
      }
      setReview(change);
    });

  const send = () =>
    act(async () => {
      try {
        const change = await replace(seen, false);
        if (!change) return;
        const now = await load();
        setSeen(now);
        setText(textOf(now, kind));
        const before = change.before as Metadata;
        const [sent = {}] = Object.values(change.patch ?? {}) as Metadata[];
        const isReversible = Object.keys(sent).every((key) => isExact(before[key]));
        tell(`${title} changed.`, isReversible ? () => undo(before, now) : undefined);
      } finally {
        setReview(undefined);
      }
    }, load);

  async function undo(before: Metadata, from: User) {
    try {
      const { updated_at: ifUnmodifiedSince = "" } = from;
      await users.metadata(user.user_id)[kind].replace(before, ifUnmodifiedSince ? { ifUnmodifiedSince } : {});
      await load();
      tell("It is as it was before.");
    } catch (error) {
      tellFailure(error, load);
    }
  }

  function begin(from: User, keepText: boolean) {
    setOther(undefined);
    setSeen(from);
    if (keepText) void compare(from);
    else setText(textOf(from, kind));
  }

  return (
    <section class="card">
      <h2 id={`${id}-title`}>{title}</h2>
      <p class="faint" id={`${id}-about`}>
        {about}
      </p>
      {other && (
        <div class="info" role="alert">
          <p>Somebody else has changed this since you opened it, so nothing was sent. Your text is still here.</p>
          <Button onClick={() => begin(other, true)}>Compare with what is there now</Button>
          <Button onClick={() => begin(other, false)}>Drop my text</Button>
        </div>
      )}
      <textarea
        class="code"
        rows={Math.min(20, Math.max(6, text.split("\n").length + 1))}
        spellcheck={false}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-about ${id}-fault`}
        aria-invalid={fault ? true : undefined}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p id={`${id}-fault`} class={fault ? "fault" : "faint"} aria-live="polite">
        {fault ?? (isChanged ? "Changed, and not sent yet." : "Not changed.")}
      </p>
      <div class="row">
        <Button
          kind="main"
          needs="users.update"
          busy={busy}
          disabled={!isChanged || fault !== undefined}
          onClick={() => compare(seen)}
        >
          Review changes…
        </Button>
        <Button disabled={!isChanged} onClick={() => setText(textOf(seen, kind))}>
          Start over
        </Button>
      </div>
      {review && <Review user={user} change={review} busy={busy} onSend={send} onClose={() => setReview(undefined)} />}
    </section>
  );
}

interface ReviewProps {
  user: User;
  change: MetadataChange;
  busy: boolean;
  onSend: () => unknown;
  onClose: () => void;
}

function Review({ user, change: { patch, diff }, busy, onSend, onClose }: ReviewProps) {
  return (
    <Dialog title="Review changes" onClose={onClose} wide>
      {patch ? (
        <>
          <h3>What is sent</h3>
          <pre class="code" tabIndex={0}>
            {`PATCH /users/${encodeURIComponent(user.user_id)}\n\n${pretty(patch)}`}
          </pre>
          <p class="faint">
            The API takes a key away for null, and puts an object of the first level in the place of the one there is.
          </p>
          <h3>What changes</h3>
          <div class="diff code" tabIndex={0} role="group" aria-label="Values before and after">
            {diff.map(({ path, before, after }) => (
              <dl key={path.join(".")}>
                <dt>{path.join(".")}</dt>
                {before !== undefined && (
                  <dd class="removed">
                    <span aria-hidden="true">− </span>
                    <span class="unseen">before: </span>
                    {pretty(before)}
                  </dd>
                )}
                {after !== undefined && (
                  <dd class="added">
                    <span aria-hidden="true">+ </span>
                    <span class="unseen">after: </span>
                    {pretty(after)}
                  </dd>
                )}
              </dl>
            ))}
          </div>
        </>
      ) : (
        <p>The values are those that are there already. There is nothing to send.</p>
      )}
      <footer>
        <Button onClick={onClose}>Back</Button>
        {patch && (
          <Button kind="main" busy={busy} onClick={onSend}>
            Send
          </Button>
        )}
      </footer>
    </Dialog>
  );
}

/** Has it no number that JSON.parse may have rounded? */
function isExact(value: unknown): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value) || value % 1 !== 0;
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

/** Reads what was typed. */
function parse(text: string): { value: Metadata } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text.trim() || "{}");
  } catch (error) {
    return { fault: `This is not JSON: ${(error as Error).message}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { fault: 'Metadata must be an object, such as { "theme": "dark" }.' };
  }
  const odd = Object.keys(value).find((key) => /[.$]/.test(key));
  if (odd !== undefined) return { fault: `“${odd}” has a dot or a dollar sign, which no key may have.` };
  return { value: value as Metadata };
}
