/** The part of a `Blob` or a `File` that is read, so that programs without DOM types compile. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  slice(start?: number, end?: number, contentType?: string): BlobLike;
}

/** A stream of bytes or text: of Node.js, of the web, or another async iterable. */
export type FileStream = AsyncIterable<ArrayBufferView | ArrayBuffer | string> | { getReader(): any };

export type FileLike =
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
