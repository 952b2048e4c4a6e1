"use client";

import { imageUrl } from "@tintype/client";
import { videoReady, videoStatusUrl, type VideoStatus } from "@tintype/client/video";
import { useEffect, useRef, useState, type ComponentPropsWithoutRef, type ReactElement, type ReactNode } from "react";

/** The media type of HLS. */
const HLS = "application/vnd.apple.mpegurl";

/** The part of hls.js that the component uses. */
interface HlsModule {
  default: {
    new (): {
      on(event: "hlsError", listener: (event: "hlsError", data: { fatal: boolean }) => void): void;
      loadSource(url: string): void;
      attachMedia(video: HTMLMediaElement): void;
      destroy(): void;
    };
    isSupported(): boolean;
  };
}

export interface VideoProps extends Omit<ComponentPropsWithoutRef<"video">, "src" | "poster" | "children"> {
  /** The URL of the uploaded file, `https://cdn.example.com/files/ID/clip.mp4`. */
  src: string;
  /** `() => import("hls.js")`. Without it, browsers that don't play HLS themselves play the MP4. */
  hls?: (() => Promise<unknown>) | undefined;
  /** The poster's width in pixels. Default: 1080. */
  posterWidth?: number | undefined;
  /** Shown until the video is ready. `status` is undefined until the transcoding has begun. */
  pending?: ((status: VideoStatus | undefined) => ReactNode) | undefined;
  /** Shown if the video can't be transcoded. */
  failed?: ((error: Error) => ReactNode) | undefined;
}

/** A player of an uploaded video. It waits until the video has been transcoded, then plays HLS, or the MP4. */
export function Video({ src, hls, posterWidth = 1080, pending, failed, ...rest }: VideoProps): ReactElement {
  const [status, setStatus] = useState<VideoStatus>();
  const [error, setError] = useState<Error>();
  const video = useRef<HTMLVideoElement>(null);
  const loadHls = useRef(hls);
  loadHls.current = hls;

  useEffect(() => {
    const stop = new AbortController();
    setStatus(undefined);
    setError(undefined);
    Promise.resolve()
      .then(() => videoReady(src, { signal: stop.signal, onChange: setStatus }))
      .then(setStatus, (reason: unknown) => {
        if (!stop.signal.aborted) setError(reason instanceof Error ? reason : new Error(String(reason)));
      });
    return () => stop.abort();
  }, [src]);

  const playback = status?.state === "ready" ? status.playback : undefined;
  const playlist = playback?.hls && new URL(playback.hls, baseOf(src)).href;
  const mp4 = playback?.mp4 && new URL(playback.mp4, baseOf(src)).href;

  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    return attach(element, playlist, mp4, loadHls.current);
  }, [playlist, mp4]);

  if (error) return <>{failed?.(error)}</>;
  if (!playback) return <>{pending?.(status)}</>;
  const poster = playback.poster && imageUrl(new URL(playback.poster, baseOf(src)).href, { w: posterWidth });
  return <video controls playsInline preload="metadata" {...rest} ref={video} poster={poster} />;
}

/** Sets the source of a video. Returns a function that removes it. */
function attach(video: HTMLVideoElement, playlist: string | undefined, mp4: string | undefined, load: VideoProps["hls"]) {
  let isOver = false;
  let end = () => {};
  const plain = () => {
    const source = playlist && video.canPlayType(HLS) ? playlist : mp4;
    if (source) video.src = source;
  };
  const adaptive = async (url: string, load: () => Promise<unknown>) => {
    const { default: Hls } = (await load()) as HlsModule;
    if (isOver) return;
    if (!Hls.isSupported()) return plain();
    const player = new Hls();
    end = () => player.destroy();
    player.on("hlsError", (_, { fatal }) => {
      if (!fatal || !mp4) return;
      player.destroy();
      video.src = mp4;
    });
    player.loadSource(url);
    player.attachMedia(video);
  };
  if (playlist && load) adaptive(playlist, load).catch(plain);
  else plain();
  return () => {
    isOver = true;
    end();
    video.removeAttribute("src");
    video.load();
  };
}

/** The address to which the status document's paths are relative. */
function baseOf(src: string): string {
  return new URL(videoStatusUrl(src), location.href).href;
}
