import { useQueryClient } from "@tanstack/react-query";
import { isManagementError, type Management } from "auth0-users";
import { useRef, useState } from "preact/hooks";
import { type Connection, users } from "../api";
import { tell, tellFailure } from "../notices";
import { addressOfUser, go } from "../router";
import { Choice, Dialog, Field, nameOf, useSession, FormFooter, Why } from "../ui";
import { isUnknown } from "../words";

type FieldName = "email" | "phone_number" | "username" | "password" | "name";

interface FieldRule {
  label: string;
  type: string;
  hint?: string;
  /** What is wrong with a value that is not empty. */
  check?: (value: string) => string | undefined;
}

const RULES: Record<FieldName, FieldRule> = {
  email: {
    label: "Email",
    type: "email",
    check: (value) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : "An email looks like ana@example.com."),
  },
  phone_number: {
    label: "Phone number",
    type: "tel",
    hint: "With the country's code, such as +4791234567.",
    check: (value) => (/^\+\d{1,15}$/.test(value) ? undefined : "A phone number is a + and up to 15 digits."),
  },
  username: {
    label: "Username",
    type: "text",
    check: (value) => (value.length > 128 ? "At most 128 characters." : undefined),
  },
  password: {
    label: "Password",
    type: "password",
    hint: "8 characters or more of three kinds: a, A, 1, !.",
    check: (value) => (isStrong(value) ? undefined : "Take 8 characters or more of three kinds: a, A, 1, !."),
  },
  name: { label: "Name", type: "text", check: (value) => (value.length > 300 ? "At most 300 characters." : undefined) },
};

function isStrong(value: string): boolean {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(value));
  return [...value].length >= 8 && kinds.length >= 3;
}

/** The fields that a connection takes, and whether it needs them; undefined where it makes its users itself. */
function fieldsOf({ strategy, requires_username }: Connection): Partial<Record<FieldName, boolean>> | undefined {
  if (strategy === "auth0") {
    return { email: true, ...(requires_username && { username: true }), password: true, name: false };
  }
  if (strategy === "email") return { email: true, name: false };
  if (strategy === "sms") return { phone_number: true, name: false };
  return undefined;
}

export function CreateUser({ onClose }: { onClose: () => void }) {
  const { directory } = useSession();
  const queries = useQueryClient();
  const possible = directory.connections.filter((own) => own.enabled && fieldsOf(own));
  const others = directory.connections.filter((own) => !possible.includes(own)).map(({ name }) => name);
  const [connection, setConnection] = useState(possible[0]?.name ?? "");
  const [given, setGiven] = useState<Partial<Record<FieldName, string>>>({});
  const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const chosen = possible.find(({ name }) => name === connection);
  const fields = Object.entries((chosen && fieldsOf(chosen)) ?? {}) as [FieldName, boolean][];

  function check(): Partial<Record<string, string>> {
    const found = fields.map(([name, needed]) => {
      const value = given[name]?.trim() ?? "";
      if (value === "") return [name, needed ? `${RULES[name].label} is needed for ${connection}.` : undefined];
      return [name, RULES[name].check?.(value)];
    });
    return Object.fromEntries(found.filter(([, fault]) => fault !== undefined));
  }

  function showFaults(found: Partial<Record<string, string>>) {
    setFaults(found);
    const first = fields.find(([name]) => found[name])?.[0];
    if (first) form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
    return first !== undefined;
  }

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    setFailure(undefined);
    if (showFaults(check())) return;
    const values = fields.map(([name]) => [name, name === "password" ? given[name] : given[name]?.trim()] as const);
    const request = { connection, ...Object.fromEntries(values.filter(([, value]) => value)) };
    setBusy(true);
    try {
      const user = await users.create(request as Management.CreateUserRequestContent);
      queries.setQueryData(["user", user.user_id], user);
      void queries.invalidateQueries({ queryKey: ["users"] });
      onClose();
      tell(`${nameOf(user)} is created. Searches find new users after some seconds.`);
      go(addressOfUser(user.user_id));
    } catch (error) {
      if (isUnknown(error)) {
        onClose();
        tellFailure(error, () => queries.invalidateQueries({ queryKey: ["users"] }));
        return;
      }
      const named = isManagementError(error) ? (error.fieldErrors ?? []) : [];
      if (!showFaults(Object.fromEntries(named.map(({ field, rule }) => [field, rule])))) setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title="New user" onClose={onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        <Choice
          label="Connection"
          name="connection"
          value={connection}
          onChange={(name) => {
            setConnection(name);
            setFaults({});
          }}
          options={possible.map(({ name }) => [name, name] as const)}
          hint={
            others.length > 0
              ? `Not from here: ${others.join(", ")}. They are disabled, or make their users themselves.`
              : undefined
          }
        />
        {fields.map(([name, needed]) => (
          <Field
            key={name}
            label={RULES[name].label}
            name={name}
            type={RULES[name].type}
            hint={RULES[name].hint}
            required={needed}
            fault={faults[name]}
            value={given[name] ?? ""}
            onInput={(value) => setGiven({ ...given, [name]: value })}
            autocomplete={name === "password" ? "new-password" : "off"}
          />
        ))}
        <div role="alert">{failure !== undefined && <Why error={failure} />}</div>
        <FormFooter action="Create" busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
