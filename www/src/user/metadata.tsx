// The editor of metadata: shows what will be sent and what becomes of it, before it is sent.
import { useQueryClient } from "@tanstack/react-query";
import { diffLines } from "diff";
import { useId, useState } from "preact/hooks";
import { type User, users } from "../api";
import { updateUser } from "../changes";
import { effectsOf, inverseOf, merged, type Metadata, parseMetadata, patchOf, pretty } from "../metadata";
import { tellFailure } from "../notices";
import { Button, Dialog, useAct } from "../ui";

type Kind = "user_metadata" | "app_metadata";

const TITLES: Record<Kind, [title: string, about: string]> = {
  user_metadata: ["User metadata", "What users may know and change, such as preferences."],
  app_metadata: ["App metadata", "What applications decide by, such as plans. Users cannot change it."],
};

export function MetadataTab({ user }: { user: User }) {
  return (
    <>
      <MetadataEditor key={`user ${pretty(user.user_metadata)}`} user={user} kind="user_metadata" />
      <MetadataEditor key={`app ${pretty(user.app_metadata)}`} user={user} kind="app_metadata" />
    </>
  );
}

interface Review {
  before: Metadata;
  patch: Metadata;
  after: Metadata;
  /** Keys that somebody else has changed since the editor was opened, and that would be overwritten. */
  overwritten: string[];
}

function MetadataEditor({ user, kind }: { user: User; kind: Kind }) {
  const opened = (user[kind] ?? {}) as Metadata;
  const [text, setText] = useState(pretty(opened) ?? "{}");
  const [review, setReview] = useState<Review>();
  const { busy, act } = useAct();
  const id = useId();
  const [title, about] = TITLES[kind];
  const parsed = parseMetadata(text);
  const fault = "fault" in parsed ? parsed.fault : undefined;
  const patch = "value" in parsed ? patchOf(opened, parsed.value) : undefined;

  async function compare() {
    if (!patch) return;
    await act(async () => {
      // Somebody else may have changed them meanwhile.
      const now = ((await users.get(user.user_id))[kind] ?? {}) as Metadata;
      const elsewhere = patchOf(opened, now) ?? {};
      const overwritten =
        Object.keys(patch).length === 0 ? Object.keys(elsewhere) : Object.keys(patch).filter((key) => key in elsewhere);
      setReview({ before: now, patch, after: merged(now, patch), overwritten });
    });
  }

  return (
    <section class="card">
      <h2 id={`${id}-title`}>{title}</h2>
      <p class="faint" id={`${id}-about`}>
        {about}
      </p>
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
        {fault ?? (patch ? `Changed: ${Object.keys(patch).join(", ") || "everything is cleared"}.` : "Not changed.")}
      </p>
      <div class="row">
        <Button kind="main" needs="users.update" busy={busy} disabled={!patch} onClick={compare}>
          Review changes…
        </Button>
        <Button disabled={text === pretty(opened)} onClick={() => setText(pretty(opened) ?? "{}")}>
          Start over
        </Button>
      </div>
      {review && <ReviewDialog user={user} kind={kind} review={review} onClose={() => setReview(undefined)} />}
    </section>
  );
}

function ReviewDialog({
  user,
  kind,
  review,
  onClose,
}: {
  user: User;
  kind: Kind;
  review: Review;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { before, patch, after, overwritten } = review;
  async function send() {
    if (busy) return;
    setBusy(true);
    try {
      const inverse = { [kind]: inverseOf(before, patch) };
      await updateUser(queries, user.user_id, { [kind]: patch }, `${TITLES[kind][0]} changed.`, inverse);
    } catch (error) {
      tellFailure(error, () => queries.invalidateQueries({ queryKey: ["user", user.user_id] }));
    }
    onClose();
  }
  return (
    <Dialog title="Review changes" onClose={onClose} wide>
      {overwritten.length > 0 && (
        <p class="info" role="alert">
          Somebody else has changed {overwritten.join(", ")} since you opened this page. Sending overwrites that.
        </p>
      )}
      <h3>What is sent</h3>
      <pre class="code" tabIndex={0}>
        {`PATCH /users/${encodeURIComponent(user.user_id)}\n\n${pretty({ [kind]: patch })}`}
      </pre>
      <ul>
        {effectsOf(before, patch).map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      <h3>Before and after</h3>
      <Diff before={pretty(before)} after={pretty(after)} />
      <footer>
        <Button onClick={onClose}>Back</Button>
        <Button kind="main" busy={busy} onClick={send}>
          Send
        </Button>
      </footer>
    </Dialog>
  );
}

function Diff({ before, after }: { before: string; after: string }) {
  const lines = diffLines(`${before}\n`, `${after}\n`).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text) => ({ text, kind: added ? "added" : removed ? "removed" : "same" })),
  );
  const signs: Record<string, string> = { added: "+", removed: "−", same: " " };
  const words: Record<string, string> = { added: "added: ", removed: "removed: ", same: "" };
  return (
    <div class="diff code" tabIndex={0} role="group" aria-label="Lines removed and added">
      {lines.map(({ text, kind }, index) => (
        <div key={index} class={kind}>
          <span aria-hidden="true">{signs[kind]} </span>
          <span class="unseen">{words[kind]}</span>
          {text}
        </div>
      ))}
    </div>
  );
}
