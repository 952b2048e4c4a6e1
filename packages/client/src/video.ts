import { getJson, pause, TintypeError } from "./http.js";

/** The status document of a video, such as `videos/<id>/status.json`. Paths in `playback` are relative to the CDN. */
export interface VideoStatus {
  id: string;
  state: "queued" | "probing" | "transcoding" | "ready" | "failed" | "canceled";
  /** From 0 to 100. */
  percent?: number;
  durationSeconds?: number;
  playback?: { hls?: string; dash?: string; mp4?: string; audio?: string; poster?: string; posters?: string[]; tiles?: string };
  renditions?: { name: string; width: number; height: number; codec: string; maxBitrate: number }[];
  error?: { code: string; message: string };
}

/** The first and the longest pause between two requests in milliseconds. */
const PAUSES = { first: 250, longest: 4000 };

export interface VideoOptions {
  signal?: AbortSignal | undefined;
  /** Called with each status before the last one. */
  onChange?: ((status: VideoStatus) => void) | undefined;
}

/** Origin, private area with a pass, and id of a video. */
const VIDEO_URL = /^(https?:\/\/[^/]+)?\/(?:files|videos|(private-videos\/~[^/]+))\/([^/]+)\//;

/**
 * The address of the status document of a video that was uploaded with the signer. `src` is its URL or path, such as
 * `/files/<id>/clip.mp4`, or for a private video the URL of one of its files with a pass.
 *
 * @throws TypeError if `src` is not such a URL.
 */
export function videoStatusUrl(src: string): string {
  const [, origin = "", area = "videos", id] = VIDEO_URL.exec(src) ?? [];
  if (!id) throw new TypeError(`'${src}' isn't the URL of a video, such as https://cdn.example.com/files/ID/clip.mp4`);
  return `${origin}/${area}/${id}/status.json`;
}

/** The status with the pass of `src`, if that has one, in each path of `playback`. */
function withPass(status: VideoStatus, src: string): VideoStatus {
  const area = VIDEO_URL.exec(src)?.[2];
  if (!area || !status.playback) return status;
  const opened = (path: string): string => path.replace(/^\/private-videos\//, `/${area}/`);
  const entries = Object.entries(status.playback).map(([name, paths]) => [name, Array.isArray(paths) ? paths.map(opened) : opened(paths)]);
  return { ...status, playback: Object.fromEntries(entries) };
}

/**
 * Waits until a video is ready. It asks until the status document exists, which takes a moment after the upload; for a
 * file that may not be a video, end the wait with `signal`.
 *
 * @throws TintypeError with the reason if the video can't be transcoded.
 */
export async function videoReady(src: string, { signal, onChange }: VideoOptions = {}): Promise<VideoStatus> {
  const url = videoStatusUrl(src);
  for (let milliseconds = PAUSES.first; ; milliseconds = Math.min(1.5 * milliseconds, PAUSES.longest)) {
    const status = await getJson<VideoStatus>(url, { signal }).catch((error: unknown) => {
      const isPassing = error instanceof TintypeError && (error.status === 404 || error.isTemporary);
      if (!isPassing) throw error;
    });
    if (status?.state === "ready") return withPass(status, src);
    if (status?.state === "failed" || status?.state === "canceled") {
      throw new TintypeError(status.error?.message ?? "the video was canceled", { code: status.error?.code ?? status.state });
    }
    if (status) onChange?.(status);
    await pause(milliseconds, signal);
  }
}
