import { checkedUpload, type CheckedUpload } from "./upload/check.js";
import { formSender } from "./upload/form.js";
import { MAX_FORM_BYTES, PART_BYTES, RETRY_DELAYS } from "./upload/limits.js";
import { partsSender } from "./upload/parts.js";
import type { Sender, Settings, UploadOptions, UploadState } from "./upload/options.js";

export { TintypeError, type FailureDetails } from "./http.js";
export { checkedUpload, type CheckedUpload } from "./upload/check.js";
export type { Progress, ResumeStorage, UploadOptions, UploadState } from "./upload/options.js";

/** An upload that has begun. */
export interface Upload {
  readonly state: UploadState;
  /** `true` if the file is sent in parts: a pause then keeps the parts that are stored. A form begins again. */
  readonly inParts: boolean;
  /** Resolves when the file has been checked and is served. Rejects with a `TintypeError`, or with the reason of the abort. */
  readonly finished: Promise<CheckedUpload>;
  /** Stops sending. No effect unless the state is `sending`. */
  pause(): void;
  /** Continues after a pause. No effect in other states. */
  resume(): void;
  /** Ends the upload and removes its stored data. `finished` rejects with an `AbortError`. */
  cancel(): Promise<void>;
}

/**
 * Uploads a file to Tintype's signer: in one form up to 16 MiB, in parts above that. Private files are sent in a form of up to
 * 5 GiB, because only a session with the prefix `private/` makes parts private.
 */
export function startUpload(file: Blob & { name?: string }, options: UploadOptions): Upload {
  const inParts = options.visibility !== "private" && file.size > (options.maxFormBytes ?? MAX_FORM_BYTES);
  const request = {
    filename: options.filename ?? file.name ?? "file",
    type: options.type ?? (file.type || "application/octet-stream"),
    metadata: options.metadata,
  };
  const settings = {
    endpoint: options.endpoint.replace(/\/+$/, ""),
    headers: options.headers ?? {},
    retryDelays: options.retryDelays ?? RETRY_DELAYS,
  };
  const sender = inParts
    ? partsSender(file, request, { ...settings, partBytes: options.partBytes ?? PART_BYTES, storage: options.storage })
    : formSender(file, { ...request, visibility: options.visibility }, settings);
  return run(sender, file.size, inParts, settings, options);
}

function run(
  sender: Sender,
  total: number,
  inParts: boolean,
  settings: Settings,
  { onProgress, onState, signal }: UploadOptions,
): Upload {
  let state: UploadState = "sending";
  let attempt = new AbortController();
  let wake: () => void = () => {};

  const enter = (next: UploadState) => {
    state = next;
    onState?.(next);
  };
  const report = (sent: number) => {
    if (state === "sending") onProgress?.({ sent, total });
  };

  async function steps(): Promise<CheckedUpload> {
    const id = await sent();
    report(total);
    // A pause after the last byte has no effect.
    if (attempt.signal.reason instanceof Pause) attempt = new AbortController();
    if (state !== "canceled") enter("checking");
    return checkedUpload(settings, id, attempt.signal);
  }

  /** Sends the file, in as many attempts as there are pauses. */
  async function sent(): Promise<string> {
    for (;;) {
      try {
        return await sender.send(attempt.signal, report);
      } catch (error) {
        if (!(error instanceof Pause)) throw error;
      }
      if (state === "paused") await new Promise<void>((resolve) => (wake = resolve));
      if (state === "canceled") throw attempt.signal.reason;
    }
  }

  function pause() {
    if (state !== "sending") return;
    enter("paused");
    attempt.abort(new Pause());
  }

  function resume() {
    if (state !== "paused") return;
    attempt = new AbortController();
    enter("sending");
    wake();
  }

  async function cancel(reason: unknown = new DOMException("The upload was canceled", "AbortError")) {
    if (state === "clean" || state === "failed" || state === "canceled") return;
    if (attempt.signal.aborted) attempt = new AbortController();
    enter("canceled");
    // The caller that cancels doesn't have to wait for the end.
    finished.catch(() => {});
    attempt.abort(reason);
    wake();
    await sender.discard();
  }

  const abort = () => void cancel(signal?.reason);
  const finished = Promise.resolve()
    .then(() => {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", abort);
      return steps();
    })
    .then(
      (upload) => {
        enter("clean");
        return upload;
      },
      (error: unknown) => {
        if (state !== "canceled") enter(signal?.aborted ? "canceled" : "failed");
        throw error;
      },
    )
    .finally(() => signal?.removeEventListener("abort", abort));

  return {
    get state() {
      return state;
    },
    inParts,
    finished,
    pause,
    resume,
    cancel: () => cancel(),
  };
}

/** The reason of an abort that isn't the end of the upload. */
class Pause {}
