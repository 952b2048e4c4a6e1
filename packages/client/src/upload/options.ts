/** The state of an upload. `paused` continues with `resume`; `clean`, `failed` and `canceled` are final. */
export type UploadState = "sending" | "paused" | "checking" | "clean" | "failed" | "canceled";

/** The progress of an upload in bytes. It falls when a form begins again. */
export interface Progress {
  sent: number;
  total: number;
}

/** The part of `localStorage` that uploads use. */
export type ResumeStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface UploadOptions {
  /** The signer's address: `https://cdn.example.com`, or with a session of your backend `https://cdn.example.com/u/SESSION`. */
  endpoint: string;
  /** Headers for the signer, such as `Authorization`. Storage doesn't get them. */
  headers?: Record<string, string> | undefined;
  /** Default: the file's own name. */
  filename?: string | undefined;
  /** The media type. Default: that of the file. */
  type?: string | undefined;
  /** `private` files need signed links. Default: as the session says, otherwise `public`. */
  visibility?: "public" | "private" | undefined;
  /** Up to 50 texts of printable ASCII, stored with the object as `x-amz-meta-…`. */
  metadata?: Record<string, string> | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  onState?: ((state: UploadState) => void) | undefined;
  /** Cancels the upload. */
  signal?: AbortSignal | undefined;
  /** Remembers uploads in parts, such as `localStorage`: the same file, chosen again after a reload, continues. */
  storage?: ResumeStorage | undefined;
  /** The largest file that is sent in one form, in bytes. Default: 16 MiB. */
  maxFormBytes?: number | undefined;
  /** The size of a part in bytes, at least 5 MiB. Default: 8 MiB. */
  partBytes?: number | undefined;
  /** The pauses before a request is repeated, in milliseconds. Default: 500, 2000, 5000. */
  retryDelays?: readonly number[] | undefined;
}

/** The signer, and how requests to it are sent. */
export interface Settings {
  endpoint: string;
  headers: Record<string, string>;
  retryDelays: readonly number[];
}

/** The request for a signature. */
export interface FileRequest {
  filename: string;
  type: string;
  metadata: Record<string, string> | undefined;
}

/** One way to send a file. */
export interface Sender {
  /** Sends the data that storage doesn't have yet. Resolves to the id of the upload. */
  send(signal: AbortSignal, report: (sent: number) => void): Promise<string>;
  /** Removes the stored data of an unfinished upload. */
  discard(): Promise<void>;
}
