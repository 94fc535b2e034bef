interface Job {
  id: string;
  /** What kind of job it is, such as `users_import`. */
  type: string;
  /** How far it is, such as `pending` or `completed`. */
  status: string;
  /** ISO 8601. */
  created_at?: string;
}

export interface GetJobResponseContent extends Job {
  connection_id?: string;
  /** The name of the connection. */
  connection?: string;
  /** Where the file of a finished export is; good for a minute. */
  location?: string;
  percentage_done?: number;
  time_left_seconds?: number;
  format?: JobFileFormatEnum;
  status_details?: string;
  /** What an import has done. */
  summary?: GetJobSummary;
}

export interface GetJobSummary {
  failed?: number;
  updated?: number;
  inserted?: number;
  total?: number;
}

export type JobFileFormatEnum = Open<"json" | "csv">;

export interface JobsClient<A extends object = Metadata, U extends object = Metadata> {
  readonly errors: JobErrorsClient;
  readonly usersExports: JobUsersExportsClient;
  readonly usersImports: JobUsersImportsClient<A, U>;
  readonly verificationEmail: JobVerificationEmailClient;

  /**
   * Reads a job.
   *
   * A job is kept for a day. Rejects with status 404 if there is no such job.
   *
   * `GET /jobs/{id}` · `create:users` or `read:users` · immediate · idempotent
   */
  get(id: string, requestOptions?: RequestOptions): HttpResponsePromise<GetJobResponseContent>;
}

/** The users that could not be imported, or what else went wrong. */
export type ErrorsGetResponse = GetJobErrorResponseContent[] | GetJobGenericErrorResponseContent;

export interface GetJobErrorResponseContent {
  /** The user as it was in the file. */
  user?: GetJobUserError;
  errors?: GetJobImportUserError[];
}

export type GetJobUserError = Record<string, any>;

export interface GetJobImportUserError {
  code?: string;
  message?: string;
  path?: string;
}

export interface GetJobGenericErrorResponseContent extends Job {
  connection_id?: string;
  status_details?: string;
}

export interface JobErrorsClient {
  /**
   * Reads what went wrong in a job.
   *
   * Resolves to undefined if nothing did. Rejects with status 404 if there is no such job.
   *
   * `GET /jobs/{id}/errors` · `create:users` or `read:users` · immediate · idempotent
   */
  get(id: string, requestOptions?: RequestOptions): HttpResponsePromise<ErrorsGetResponse | undefined>;
}

export interface CreateExportUsersRequestContent {
  /** The connection; all of them by default. */
  connection_id?: string;
  format?: JobFileFormatEnum;
  /** How many users at most. */
  limit?: number;
  /** The fields to write; at most 30 for `csv`. */
  fields?: readonly CreateExportUsersFields[];
}

export interface CreateExportUsersFields {
  /** The field, such as `user_id` or `app_metadata.plan`. */
  name: string;
  /** Its name in the file. */
  export_as?: string;
}

export interface CreateExportUsersResponseContent extends Job {
  connection_id?: string;
  /** The name of the connection. */
  connection?: string;
  format?: JobFileFormatEnum;
  limit?: number;
  fields?: CreateExportUsersFields[];
}

export interface JobUsersExportsClient {
  /**
   * Starts a job that writes users to a file.
   *
   * Ask `jobs.get` until it is done. A repetition would start another job. Rejects with status 400 if there is no such
   * connection.
   *
   * `POST /jobs/users-exports` · `read:users` · eventual · sent once
   */
  create(
    request?: CreateExportUsersRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<CreateExportUsersResponseContent>;
}

/** The part of a `Blob` or a `File` that is read, so that programs without DOM types compile. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  slice(start?: number, end?: number, contentType?: string): BlobLike;
}

/** A stream of bytes or text: of Node.js, of the web, or another async iterable. */
type FileStream = AsyncIterable<ArrayBufferView | ArrayBuffer | string> | { getReader(): any };

type FileLike =
  | ArrayBuffer
  | ArrayBufferView
  | BlobLike
  | FileStream
  | { readonly body: FileStream | null; arrayBuffer(): Promise<ArrayBuffer> };

/**
 * A file as the official SDK takes one, or a `Response`. A `path` needs Node.js 20.16 or later. The file is always sent as
 * `users.json` of the type `application/json`, whatever `filename` and `contentType` are.
 */
export type Uploadable =
  | FileLike
  | { data: FileLike; filename?: string; contentType?: string; contentLength?: number }
  | { path: string; filename?: string; contentType?: string; contentLength?: number };

/** A user in a file to import. */
export interface ImportedUser<A = Metadata, U = Metadata> {
  email: string;
  email_verified?: boolean;
  /** The id without its provider; made up by the server by default. */
  user_id?: string;
  username?: string;
  given_name?: string;
  family_name?: string;
  name?: string;
  nickname?: string;
  picture?: string;
  blocked?: boolean;
  /** A bcrypt hash. */
  password_hash?: string;
  /** A hash made by another algorithm, and how. */
  custom_password_hash?: Metadata;
  app_metadata?: A;
  user_metadata?: U;
  mfa_factors?: readonly Metadata[];
}

export interface CreateImportUsersRequestContent<A = Metadata, U = Metadata> {
  /**
   * The file, at most 500 kB: a JSON array of users as a file, bytes, a stream or text, or the users themselves.
   *
   * A stream is read to its end before anything is sent, for all attempts. An abort and the deadline end the reading. A
   * stream that fails rejects the call with its error, and one with more than 1 MiB is refused with `invalid_argument`.
   */
  users: Uploadable | string | readonly ImportedUser<A, U>[];
  connection_id: string;
  /** Whether users with an email that is there already are changed; they are refused by default. */
  upsert?: boolean;
  /** A name of your own for the job. */
  external_id?: string;
  /** Whether the owners of the tenant get a mail when it is done; they do by default. */
  send_completion_email?: boolean;
}

export interface CreateImportUsersResponseContent extends Job {
  created_at: string;
  connection_id: string;
  /** The name of the connection. */
  connection?: string;
  external_id?: string;
}

export interface JobUsersImportsClient<A extends object = Metadata, U extends object = Metadata> {
  /**
   * Starts a job that takes users into a database connection.
   *
   * Ask `jobs.get` until it is done, then `jobs.errors.get`. Two may run at a time. A repetition would start another
   * job. Rejects with status 400 if the connection is unknown or not a database, 413 if the file is too large.
   *
   * ```ts
   * const users = createReadStream("users.json");
   * const job = await client.jobs.usersImports.create({ users, connection_id: "con_0000000000000001" });
   * ```
   *
   * `POST /jobs/users-imports` · `create:users` · eventual · sent once
   */
  create(
    request: CreateImportUsersRequestContent<A, U>,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<CreateImportUsersResponseContent>;
}

/** Which account of a user is meant. */
export interface Identity {
  /** The id without its provider. */
  user_id: string;
  provider: IdentityProviderEnum;
  connection_id?: string;
}

export interface CreateVerificationEmailRequestContent {
  user_id: string;
  /** The application that the mail is sent for. */
  client_id?: string;
  identity?: Identity;
  organization_id?: string;
}

export interface CreateVerificationEmailResponseContent extends Job {}

export interface JobVerificationEmailClient {
  /**
   * Sends a user a mail to prove the email with.
   *
   * A repetition would send another mail. Takes the header `auth0-custom-domain`. Rejects with status 400 if the user
   * has no email, or the connection, identity or organization is unknown.
   *
   * `POST /jobs/verification-email` · `update:users` · eventual · sent once
   */
  create(
    request: CreateVerificationEmailRequestContent,
    requestOptions?: RequestOptions,
  ): HttpResponsePromise<CreateVerificationEmailResponseContent>;
}
