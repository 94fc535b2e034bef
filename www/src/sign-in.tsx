import { useEffect, useRef, useState } from "preact/hooks";
import { signIn } from "./api";
import { Button, Field, useAct } from "./ui";

export function SignIn({ failure }: { failure: Error | null }) {
  const [operator, setOperator] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string>();
  const { busy, act } = useAct();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = "Sign in";
    first.current?.focus();
  }, []);
  async function submit(event: Event) {
    event.preventDefault();
    setFault(undefined);
    await act(async () => {
      // All that the page holds may be somebody else's.
      if (await signIn(operator.trim(), password)) location.reload();
      else setFault("There is no such operator with this password. The terminal that runs the demo shows both.");
    });
  }
  return (
    <main class="sign-in">
      <form class="card" onSubmit={submit} noValidate>
        <h1>Sign in</h1>
        <p class="faint">The demo's operators and their passwords are in the terminal that started it.</p>
        {failure && <p class="fault">The console's server did not answer. Is the demo still running?</p>}
        <Field
          label="Operator"
          name="operator"
          value={operator}
          onInput={setOperator}
          autocomplete="username"
          inputRef={first}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          value={password}
          onInput={setPassword}
          autocomplete="current-password"
        />
        <p role="alert" class="fault">
          {fault}
        </p>
        <Button kind="main" submit busy={busy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
