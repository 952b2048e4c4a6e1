import { signedLink } from "./signed-link.js";

/** The time for which a pass of a private video is valid, in seconds: longer than films are. A player loads parts until its end. */
const PASS_SECONDS = 6 * 3600;

const NEVER = new AbortController().signal;

/**
 * The files that are made of a video: the path of its status document, and a function that gives the path at which this page can load
 * one that the document names. The paths of a private video have a pass.
 */
export async function videoFiles({ path }) {
  const [, visibility, id] = path.split("/");
  if (visibility !== "private") return { status: `/videos/${id}/status.json`, open: (file) => file };
  const url = new URL(`/private-videos/${id}/status.json`, location.href).href;
  const status = new URL(await signedLink(url, NEVER, PASS_SECONDS)).pathname;
  const pass = status.slice(0, status.lastIndexOf(`/${id}/`) + 1);
  return { status, open: (file) => file.replace("/private-videos/", pass) };
}

/** The path at which this page can load the video as it was uploaded. */
export async function originalOf({ path }) {
  if (!path.startsWith("/private/")) return path;
  return signedLink(new URL(path, location.href).href, NEVER, PASS_SECONDS);
}
