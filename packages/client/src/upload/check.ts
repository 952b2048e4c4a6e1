import { pause, TintypeError } from "../http.js";
import { RETRY_DELAYS, WAIT_PAUSE, WAIT_SECONDS } from "./limits.js";
import type { Settings } from "./options.js";
import { ask, retried } from "./requests.js";

/** An upload that was checked and is served. */
export interface CheckedUpload {
  id: string;
  key: string;
  /** The URL for viewers. That of a private file needs a signature. */
  url: string;
  type: string;
  /** In bytes. */
  size: number;
  /** In pixels, before an EXIF orientation is applied; missing for files whose header doesn't have it. */
  width?: number;
  height?: number;
}

interface Status extends Omit<CheckedUpload, "url"> {
  state: "pending" | "clean" | "refused" | "unchecked";
  publicUrl: string;
  reason?: string;
  detail?: string;
}

/**
 * Waits until an upload has been checked. `id` is the middle segment of its key.
 *
 * @throws TintypeError with the reason in `code` if the file was refused.
 */
export async function checkedUpload(
  signer: { endpoint: string } & Partial<Settings>,
  id: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<CheckedUpload> {
  const settings = { headers: {}, retryDelays: RETRY_DELAYS, ...signer };
  const path = `/uploads/${encodeURIComponent(id)}?wait=${WAIT_SECONDS}`;
  for (;;) {
    const status = await retried(settings.retryDelays, signal, () => ask<Status>(settings, "GET", path, signal));
    const { state, publicUrl, reason, detail, ...upload } = status;
    if (state === "clean") return { ...upload, url: publicUrl };
    if (state !== "pending") throw new TintypeError(detail ?? `the file is ${state} and isn't served`, { code: reason ?? state });
    await pause(WAIT_PAUSE, signal);
  }
}
