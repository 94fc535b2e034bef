// Users as a file: how each is written, how far the run is, and where it goes on after a failure.
import { type User, users } from "./api";
import { csvRow, MARK } from "./csv";

/** What a file may have of each user; `connections` are those of their identities. */
export const FIELDS = [
  "user_id",
  "email",
  "email_verified",
  "name",
  "connections",
  "blocked",
  "logins_count",
  "last_login",
  "created_at",
  "phone_number",
  "username",
] as const;
export const METADATA = ["user_metadata", "app_metadata"] as const;

export type ExportField = (typeof FIELDS)[number] | (typeof METADATA)[number];
export type Format = "csv" | "ndjson";

export interface ExportRequest {
  q: string | undefined;
  format: Format;
  fields: readonly ExportField[];
}

/** After how many users the text so far leaves the memory of the page, and is counted. */
const PART = 100;

const TYPES: Record<Format, string> = { csv: "text/csv", ndjson: "application/x-ndjson" };

const valueOf = (user: User, field: ExportField): unknown =>
  field === "connections" ? user.identities?.map(({ connection }) => connection) : user[field];

/** Reads users into a file. It calls back after each part. */
export class Export {
  state: "running" | "failed" | "done" = "running";
  read = 0;
  failure: unknown;
  readonly name: string;
  #parts: Blob[] = [];
  #cursor: string | undefined;
  readonly #end = new AbortController();

  constructor(
    private readonly request: ExportRequest,
    private readonly onStep: () => void,
  ) {
    const { format, fields } = request;
    this.name = `users-${new Date().toISOString().slice(0, 10)}.${format}`;
    if (format === "csv") this.#parts.push(new Blob([MARK, csvRow(fields)]));
    void this.#run();
  }

  /** What was read so far. */
  get file(): Blob {
    return new Blob(this.#parts, { type: TYPES[this.request.format] });
  }

  /** After a failure: from the user on who comes next. */
  goOn(): void {
    this.state = "running";
    this.onStep();
    void this.#run();
  }

  cancel(): void {
    this.#end.abort();
  }

  async #run(): Promise<void> {
    const { q, fields } = this.request;
    const names = fields.map((field) => (field === "connections" ? "identities" : field));
    const from = this.#cursor
      ? { cursor: this.#cursor }
      : { q: q ?? null, fields: names, sort: "created_at:1" as const };
    const run = users.all(from, { abortSignal: this.#end.signal });
    let text = "";
    const keep = () => {
      this.#parts.push(new Blob([text]));
      text = "";
      this.read = run.progress.read;
      this.onStep();
    };
    try {
      for await (const user of run) {
        text += this.#line(user as User);
        if (run.progress.read % PART === 0) keep();
      }
      this.state = "done";
    } catch (error) {
      this.state = "failed";
      this.failure = error;
      this.#cursor = run.cursor;
    }
    keep();
  }

  #line(user: User): string {
    const { format, fields } = this.request;
    if (format === "csv") return csvRow(fields.map((field) => valueOf(user, field)));
    return `${JSON.stringify(Object.fromEntries(fields.map((field) => [field, valueOf(user, field)])))}\n`;
  }
}
