import { TintypeError } from "../http.js";
import { CONCURRENT_PARTS, MAX_PARTS } from "./limits.js";
import type { FileRequest, ResumeStorage, Sender, Settings } from "./options.js";
import { ask, retried, transmit } from "./requests.js";

interface PartsSettings extends Settings {
  partBytes: number;
  storage: ResumeStorage | undefined;
}

/** An upload that the signer has begun. */
interface Begun {
  key: string;
  uploadId: string;
}

/** Sends a file in parts. Parts that storage has aren't sent again. */
export function partsSender(file: Blob & { name?: string; lastModified?: number }, request: FileRequest, settings: PartsSettings): Sender {
  const { storage } = settings;
  const bytes = Math.max(settings.partBytes, Math.ceil(file.size / MAX_PARTS));
  const count = Math.ceil(file.size / bytes);
  const sizeOf = (number: number) => Math.min(bytes, file.size - (number - 1) * bytes);
  const memory = `tintype:${[request.filename, request.type, file.size, file.lastModified, bytes].join(":")}`;
  let begun = remembered();
  let parts = new Map<number, string>();

  return { send, discard };

  async function send(signal: AbortSignal, report: (sent: number) => void) {
    const upload = await retried(settings.retryDelays, signal, () => started(signal));
    await sendMissing(upload, signal, report);
    const body = { parts: [...parts].map(([PartNumber, ETag]) => ({ PartNumber, ETag })) };
    // A pause can't stop this request, because the client wouldn't know if storage has completed the upload.
    const unstopped = new AbortController().signal;
    await retried(settings.retryDelays, unstopped, () => ask(settings, "POST", pathOf(upload, "/complete"), unstopped, body));
    forget();
    return upload.key.split("/")[1] ?? "";
  }

  async function discard() {
    if (!begun) return;
    const path = pathOf(begun, "");
    forget();
    // After a failure, storage removes the parts after a day.
    await ask(settings, "DELETE", path).catch(() => {});
  }

  /** The upload, with its stored parts in `parts`. */
  async function started(signal: AbortSignal): Promise<Begun> {
    if (begun) {
      try {
        const stored = await ask<{ PartNumber: number; ETag: string; Size: number }[]>(settings, "GET", pathOf(begun, ""), signal);
        const whole = stored.filter(({ PartNumber, Size }) => Size === sizeOf(PartNumber));
        parts = new Map(whole.map(({ PartNumber, ETag }) => [PartNumber, ETag]));
        return begun;
      } catch (error) {
        // It has expired, was canceled elsewhere, or belongs to another owner.
        const isGone = error instanceof TintypeError && (error.status === 403 || error.status === 404);
        if (!isGone) throw error;
        forget();
      }
    }
    begun = await ask<Begun>(settings, "POST", "/s3/multipart", signal, request);
    parts = new Map();
    storage?.setItem(memory, JSON.stringify({ key: begun.key, uploadId: begun.uploadId }));
    return begun;
  }

  /** Sends the missing parts, some at a time. The first failure stops the others. */
  async function sendMissing(upload: Begun, signal: AbortSignal, report: (sent: number) => void) {
    const stop = new AbortController();
    const abort = () => stop.abort(signal.reason);
    signal.addEventListener("abort", abort);
    const shares = new Map([...parts.keys()].map((number) => [number, 1]));
    const reportAll = () => {
      report(Math.round([...shares].reduce((sum, [number, share]) => sum + share * sizeOf(number), 0)));
    };
    reportAll();
    const missing = Array.from({ length: count }, (_, index) => index + 1).filter((number) => !parts.has(number));
    const worker = async () => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
        const from = (number - 1) * bytes;
        // The slice has no type: the browser would send it as a header that isn't signed.
        const part = file.slice(from, from + sizeOf(number), "");
        const path = pathOf(upload, `/${number}`);
        const at = number;
        const etag = await retried(settings.retryDelays, stop.signal, async () => {
          const { url } = await ask<{ url: string }>(settings, "GET", path, stop.signal);
          return transmit("PUT", url, part, stop.signal, (share) => {
            shares.set(at, share);
            reportAll();
          });
        });
        parts.set(number, etag);
      }
    };
    try {
      signal.throwIfAborted();
      await Promise.all(Array.from({ length: CONCURRENT_PARTS }, worker));
    } catch (error) {
      stop.abort(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  function remembered(): Begun | undefined {
    try {
      const entry = JSON.parse(storage?.getItem(memory) ?? "null");
      return typeof entry?.key === "string" && typeof entry.uploadId === "string" ? entry : undefined;
    } catch {
      return undefined;
    }
  }

  function forget() {
    begun = undefined;
    parts = new Map();
    storage?.removeItem(memory);
  }
}

function pathOf({ key, uploadId }: Begun, rest: string): string {
  return `/s3/multipart/${encodeURIComponent(uploadId)}${rest}?key=${encodeURIComponent(key)}`;
}
