// Everybody whom the list is about, as a file, past what a search reaches.
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { Export, type ExportField, FIELDS, type Format, METADATA } from "../export";
import { tell } from "../notices";
import { REACH } from "../search";
import { Button, Check, Choice, Dialog, Why } from "../ui";
import { labelOf } from "../words";
import { Budget } from "./budget";

interface Props {
  q: string | undefined;
  /** How many there are, where a search can tell. */
  total: number | undefined;
  onClose: () => void;
}

const FORMATS = [
  ["csv", "CSV, for spreadsheets"],
  ["ndjson", "NDJSON, a line of JSON for each user"],
] as const;
/** What the list does not show in a column of its own. */
const EXTRA: readonly ExportField[] = ["phone_number", "username"];

const people = (count: number) => `${count.toLocaleString()} ${count === 1 ? "user" : "users"}`;

export function ExportDialog({ q, total, onClose }: Props) {
  const [run, setRun] = useState<Export>();
  const [, look] = useReducer((count: number) => count + 1, 0);
  // However the dialog ends: by a button, by Escape, or because the view is left.
  useEffect(() => {
    return () => {
      if (!run || run.state === "done") return;
      run.cancel();
      tell("The export is canceled. Nothing is saved.");
    };
  }, [run]);
  const who = q === undefined ? "Everybody" : "Everybody who matches the filters";
  return (
    <Dialog title="Export users" onClose={onClose}>
      {run ? (
        <Run run={run} total={total} onClose={onClose} />
      ) : (
        <>
          <p>
            {total === undefined
              ? `${who}, also past the ${REACH.toLocaleString()} that the list reaches.`
              : `${who}: ${people(total)}.`}
          </p>
          <Choices
            onStart={(format, fields) => setRun(new Export({ q, format, fields }, () => look(0)))}
            onClose={onClose}
          />
        </>
      )}
    </Dialog>
  );
}

interface ChoicesProps {
  onStart: (format: Format, fields: ExportField[]) => void;
  onClose: () => void;
}

function Choices({ onStart, onClose }: ChoicesProps) {
  const [format, setFormat] = useState<Format>("csv");
  const [chosen, setChosen] = useState<readonly ExportField[]>(FIELDS.filter((field) => !EXTRA.includes(field)));
  const [withMetadata, setWithMetadata] = useState(false);
  const isJson = format === "ndjson";
  const fields = [...FIELDS.filter((field) => chosen.includes(field)), ...(isJson && withMetadata ? METADATA : [])];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fields.length > 0) onStart(format, fields);
      }}
    >
      <Choice
        label="Format"
        name="format"
        value={format}
        onChange={(value) => setFormat(value as Format)}
        options={[...FORMATS]}
        hint={isJson ? undefined : "Text that would be a formula gets an apostrophe in front."}
      />
      <fieldset class="checks">
        <legend>Fields</legend>
        {FIELDS.map((field) => (
          <Check
            key={field}
            label={labelOf(field)}
            checked={chosen.includes(field)}
            onChange={(checked) => setChosen(checked ? [...chosen, field] : chosen.filter((own) => own !== field))}
          />
        ))}
        {isJson && <Check label="With metadata" checked={withMetadata} onChange={setWithMetadata} />}
      </fieldset>
      <p role="status" class="fault">
        {fields.length === 0 && "Choose one field or more."}
      </p>
      <footer>
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="main" submit disabled={fields.length === 0}>
          Export
        </Button>
      </footer>
    </form>
  );
}

function Run({ run, total, onClose }: { run: Export; total: number | undefined; onClose: () => void }) {
  const { state, read } = run;
  const status = useRef<HTMLParagraphElement>(null);
  // The button that led to this state is gone, and the focus with it.
  useEffect(() => status.current?.focus(), [state]);
  return (
    <>
      <p ref={status} role="status" tabIndex={-1}>
        {state === "running" && (total === undefined ? people(read) : `${read} of ${people(total)}`)}
        {state === "running" && " read."}
        {state === "failed" && `${people(read)} read. Go on to read the others: nothing is saved before that.`}
        {state === "done" && `Done. ${people(read)} saved as ${run.name}.`}
      </p>
      {state === "running" && (
        <>
          <progress aria-label="Users read" {...(total !== undefined && { max: total, value: read })} />
          <Budget />
        </>
      )}
      <div role="alert">{state === "failed" && <Why error={run.failure} />}</div>
      {state === "done" && <Download run={run} />}
      <footer>
        <Button kind={state === "done" ? "main" : "plain"} onClick={onClose}>
          {state === "done" ? "Close" : "Cancel"}
        </Button>
        {state === "failed" && (
          <Button kind="main" onClick={() => run.goOn()}>
            Go on
          </Button>
        )}
      </footer>
    </>
  );
}

/** Saves the file as soon as it is there. */
function Download({ run }: { run: Export }) {
  const [url] = useState(() => URL.createObjectURL(run.file));
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    link.current?.click();
    return () => URL.revokeObjectURL(url);
  }, []);
  return (
    <p class="faint">
      If your browser did not save it,{" "}
      <a ref={link} href={url} download={run.name}>
        save it here
      </a>
      .
    </p>
  );
}
