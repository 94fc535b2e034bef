// What asks first, where something would be lost.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { OperationName } from "./api";
import { Button, Dialog, useAct } from "./ui";

interface ConfirmProps {
  title: string;
  /** What its button says. */
  action: string;
  cancel?: string;
  busy?: boolean;
  onConfirm: () => unknown;
  onClose: () => void;
  children: ComponentChildren;
}

export function Confirm({ title, action, cancel = "Cancel", busy, onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      <footer>
        <Button onClick={onClose}>{cancel}</Button>
        <Button kind="danger" busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}

interface AskingButtonProps {
  /** What the button says; what it is about, where that alone does not tell. */
  text: string;
  label?: string;
  needs: OperationName;
  title: string;
  action: string;
  run: () => Promise<unknown>;
  onUnknown?: () => unknown;
  /** What it does to the user. */
  children: ComponentChildren;
}

/** A button for what cannot be undone. */
export function AskingButton({ text, label, needs, title, action, run, onUnknown, children }: AskingButtonProps) {
  const [asking, setAsking] = useState(false);
  const { busy, act } = useAct();
  const confirm = () =>
    act(async () => {
      await run();
      setAsking(false);
    }, onUnknown);
  return (
    <>
      <Button needs={needs} {...(label && { label })} onClick={() => setAsking(true)}>
        {text}
      </Button>
      {asking && (
        <Confirm title={title} action={action} busy={busy} onConfirm={confirm} onClose={() => setAsking(false)}>
          {children}
        </Confirm>
      )}
    </>
  );
}
