// The small parts that every view is made of.
import type { ComponentChildren, ComponentType, JSX, Ref } from "preact";
import { createContext } from "preact";
import { lazy } from "preact/compat";
import { useContext, useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OperationName, Session, User } from "./api";
import { Notices, tell, tellFailure } from "./notices";
import { explain } from "./words";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("Nobody is signed in");
  return session;
}

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => unknown;
  kind?: "plain" | "main" | "danger" | "icon" | "link";
  /** For buttons whose content is a sign. */
  label?: string;
  /** The operations that it needs; it is greyed out, and says why, for whoever may not call those. */
  needs?: OperationName | readonly OperationName[];
  submit?: boolean;
  busy?: boolean | undefined;
  disabled?: boolean | undefined;
  buttonRef?: Ref<HTMLButtonElement>;
}

/** A view that is loaded when it is first shown. Where that fails, such as without a network, it says so. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(() => load().catch((): ComponentType<Props> => NotLoaded));
}

function NotLoaded() {
  return (
    <div class="failure" role="alert">
      <p>This part of the console could not be loaded. See whether you are online, then reload the page.</p>
      <Button onClick={() => location.reload()}>Reload</Button>
    </div>
  );
}

/** A button that can be reached while it is greyed out, so that everybody learns why it is. */
export function Button({ children, onClick, kind = "plain", label, needs, submit, busy, ...props }: ButtonProps) {
  const session = useContext(SessionContext);
  const lacking = [needs ?? []].flat().find((operation) => !session?.can(operation));
  const off = busy || props.disabled || lacking !== undefined;
  return (
    <button
      ref={props.buttonRef}
      type={submit ? "submit" : "button"}
      class={`button ${kind}`}
      aria-label={label}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      title={lacking ? `Your role does not allow ${lacking}` : label}
      onClick={(event) => {
        if (off) event.preventDefault();
        else void onClick?.();
      }}
    >
      {children}
      {lacking && <span class="unseen"> (not allowed for your role)</span>}
    </button>
  );
}

/** How a form ends: with what it does, or without. */
export function FormFooter({ action, busy, onCancel }: { action: string; busy: boolean; onCancel: () => void }) {
  return (
    <footer>
      <Button onClick={onCancel}>Cancel</Button>
      <Button kind="main" submit busy={busy}>
        {action}
      </Button>
    </footer>
  );
}

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
}

/** The browser's own modal dialog: it holds the focus, ends with Escape, and gives the focus back. */
export function Dialog({ title, onClose, children, wide }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    const opener = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      // A menu that it was opened from may be gone.
      if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus();
      else document.querySelector<HTMLElement>("main h1")?.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={wide ? "wide" : ""}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // With a second Escape the browser closes it without asking.
      onClose={(event) => event.currentTarget.isConnected && onClose()}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <Button kind="icon" label="Close" onClick={onClose}>
          ✕
        </Button>
      </header>
      {children}
      {/* Those of the page are out of reach behind it. */}
      <Notices />
    </dialog>
  );
}

interface FieldProps extends Omit<JSX.HTMLAttributes<HTMLInputElement>, "onInput" | "ref"> {
  label: string;
  name: string;
  value: string;
  onInput: (value: string) => void;
  fault?: string | undefined;
  hint?: string | undefined;
  type?: string;
  required?: boolean;
  autocomplete?: string;
  inputRef?: Ref<HTMLInputElement>;
}

/** A text field with what is wrong with it, said to everybody. */
export function Field({ label, name, value, onInput, fault, hint, inputRef, ...input }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>
        {label}
        {input.required && <span class="faint"> (required)</span>}
      </label>
      <input
        {...input}
        ref={inputRef}
        id={id}
        name={name}
        value={value}
        required={false}
        aria-required={input.required}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault || hint ? `${id}-more` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {(fault ?? hint) && (
        <p id={`${id}-more`} class={fault ? "fault" : "faint"}>
          {fault ?? hint}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  options: (readonly [value: string, label: string])[];
  hint?: string | undefined;
}

export function Choice({ label, name, value, onChange, options, hint }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        value={value}
        aria-describedby={hint ? `${id}-more` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-more`} class="faint">
          {hint}
        </p>
      )}
    </div>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      tell(`The ${what} is copied.`);
    } catch {
      tellFailure(new Error("The browser does not let this page copy. Select the text and copy it."));
    }
  }
  return (
    <Button kind="icon" label={`Copy the ${what}`} onClick={copy}>
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        aria-hidden="true"
      >
        {copied ? <path d="m3 8.5 3.5 3.5L13 4.500" /> : <path d="M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3" />}
      </svg>
    </Button>
  );
}

export function Badge({
  kind = "plain",
  children,
}: {
  kind?: "plain" | "good" | "bad" | "warn";
  children: ComponentChildren;
}) {
  return <span class={`badge ${kind}`}>{children}</span>;
}

/** A time as people read it, with the exact one for whoever points at it. */
export function Time({ at, otherwise = "never" }: { at: unknown; otherwise?: string }) {
  if (typeof at !== "string" || Number.isNaN(Date.parse(at))) return <span class="faint">{otherwise}</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" })}>
      {date.toLocaleDateString(undefined, { dateStyle: "medium" })}
    </time>
  );
}

/** What is not there because it could not be read, and a way to try again where that is of use. */
export function Failure({ error, retry }: { error: unknown; retry?: (() => Promise<unknown>) | undefined }) {
  const { what, remedy, detail } = explain(error);
  const { busy, act } = useAct();
  return (
    <div class="failure" role="alert">
      <div>
        <p>
          {what} {remedy}
        </p>
        {detail && <p class="faint">{detail}</p>}
      </div>
      {retry && (
        <Button busy={busy} onClick={() => act(retry)}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** What went wrong and what to do, where it happened. */
export function Why({ error }: { error: unknown }) {
  const { what, remedy, detail } = explain(error);
  return (
    <p class="fault">
      {what} {remedy} {detail && <span class="faint">{detail}</span>}
    </p>
  );
}

export const nameOf = (user: User) => user.name ?? user.email ?? user.phone_number ?? user.username ?? user.user_id;

/** Initials: a picture would be loaded from somebody else's server, which then knows whom an operator looks at. */
export function Avatar({ user }: { user: User }) {
  const words = nameOf(user).split(/[\s.@|]+/);
  // A bracket, or a part of an emoji, is no initial.
  const initials = words.flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0].toUpperCase() ?? []).slice(0, 2);
  const tint = [...user.user_id].reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0) % 6;
  return (
    <span class={`avatar tint-${tint}`} aria-hidden="true">
      {initials}
    </span>
  );
}

/** Runs what a click asks for, once at a time, and tells how it ended. */
export function useAct(): {
  busy: boolean;
  act: <T>(work: () => Promise<T>, onUnknown?: () => unknown) => Promise<T | undefined>;
} {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  async function act<T>(work: () => Promise<T>, onUnknown?: () => unknown): Promise<T | undefined> {
    if (running.current) return undefined;
    running.current = true;
    setBusy(true);
    try {
      return await work();
    } catch (error) {
      tellFailure(error, onUnknown);
      return undefined;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }
  return { busy, act };
}
