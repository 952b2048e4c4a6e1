import { failure, getJson, pause, reached, TintypeError } from "../http.js";
import type { Settings } from "./options.js";

/** Asks the signer. `body` is sent as JSON. */
export function ask<T>({ endpoint, headers }: Settings, method: string, path: string, signal?: AbortSignal, body?: unknown): Promise<T> {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const init = { method, headers: { ...headers, ...json }, signal };
  return getJson<T>(endpoint + path, body === undefined ? init : { ...init, body: JSON.stringify(body) });
}

/** Repeats an action after temporary failures, with a pause before each repetition. */
export async function retried<T>(delays: readonly number[], signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  for (const delay of delays) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof TintypeError && error.isTemporary)) throw error;
    }
    await pause(delay, signal);
  }
  return action();
}

/**
 * Sends a body to storage. Resolves to the entity tag in the answer. Browsers report the progress only of an
 * XMLHttpRequest; elsewhere `report` is called at the end.
 */
export function transmit(method: string, url: string, body: FormData | Blob, signal: AbortSignal, report: (share: number) => void): Promise<string> {
  return typeof XMLHttpRequest === "undefined" ? byFetch(method, url, body, signal, report) : byXhr(method, url, body, signal, report);
}

async function byFetch(method: string, url: string, body: FormData | Blob, signal: AbortSignal, report: (share: number) => void) {
  const response = await reached(url, signal, () => fetch(url, { method, body, signal }));
  if (!response.ok) throw failure(response.status, await response.text().catch(() => ""));
  report(1);
  return response.headers.get("etag") ?? "";
}

function byXhr(method: string, url: string, body: FormData | Blob, signal: AbortSignal, report: (share: number) => void) {
  return reached(
    url,
    signal,
    () =>
      new Promise<XMLHttpRequest>((resolve, reject) => {
        signal.throwIfAborted();
        const request = new XMLHttpRequest();
        const abort = () => request.abort();
        signal.addEventListener("abort", abort);
        request.upload.addEventListener("progress", ({ loaded, total }) => report(total && loaded / total));
        request.addEventListener("load", () => resolve(request));
        request.addEventListener("error", () => reject(new TypeError("the connection failed")));
        request.addEventListener("abort", () => reject(signal.reason));
        request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
        request.open(method, url);
        request.send(body);
      }),
  ).then((request) => {
    if (request.status < 200 || request.status > 299) throw failure(request.status, request.responseText);
    report(1);
    return request.getResponseHeader("etag") ?? "";
  });
}
