/** Details of a failure. */
export interface FailureDetails {
  /** The status of the response. */
  status?: number | undefined;
  /** The reason of a refused upload or a failed video, such as `other-content`. */
  code?: string | undefined;
  /** The allowed values, such as media types. */
  allowed?: string[] | undefined;
  cause?: unknown;
}

/** A failure with a sentence in `message`. */
export class TintypeError extends Error {
  override readonly name = "TintypeError";
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly allowed?: string[] | undefined;

  constructor(message: string, { status, code, allowed, cause }: FailureDetails = {}) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.allowed = allowed;
  }

  /** `true` if the same request may succeed later: no answer came, or one of 408, 429 and 5xx. */
  get isTemporary(): boolean {
    if (this.code !== undefined) return false;
    return this.status === undefined || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** The JSON of a response. Throws a `TintypeError` with the sentence of the problem if the request fails. */
export async function getJson<T>(url: string, init: Omit<RequestInit, "signal"> & { signal?: AbortSignal | undefined }): Promise<T> {
  const { signal = null, ...rest } = init;
  const response = await reached(url, signal, () => fetch(url, { ...rest, signal }));
  if (!response.ok) throw failure(response.status, await response.text().catch(() => ""));
  return reached(url, signal, () => response.json() as Promise<T>);
}

/** Runs a request. A broken connection becomes a `TintypeError`. The error of an abort is passed on unchanged. */
export async function reached<T>(url: string, signal: AbortSignal | null | undefined, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new TintypeError(`${new URL(url, "http://localhost").host} can't be reached or stopped answering`, { cause });
  }
}

/** The failure in a response: a problem document, the message of Uppy's contract, or S3's XML. */
export function failure(status: number, body: string): TintypeError {
  let problem: { detail?: unknown; message?: unknown; allowed?: unknown } = {};
  try {
    problem = JSON.parse(body) ?? {};
  } catch {
    problem.message = /<Message>([^<]*)<\/Message>/.exec(body)?.[1];
  }
  const sentence = problem.detail ?? problem.message;
  const allowed = Array.isArray(problem.allowed) ? problem.allowed.map(String) : undefined;
  return new TintypeError(typeof sentence === "string" ? sentence : `the server answered ${status}`, { status, allowed });
}

/** Waits some milliseconds. Rejects as soon as `signal` aborts. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
