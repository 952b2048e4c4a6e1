import { element } from "./dom.js";
import { messageOf } from "./failure.js";
import { player } from "./player.js";
import { originalOf, videoFiles } from "./video-files.js";
import { waitForFinalStatus } from "./video-status.js";

/** The text for each state of a video in progress. */
const STEPS = {
  queued: "Waiting to be transcoded.",
  probing: "Reading the video's properties.",
  transcoding: "Transcoding.",
};

/**
 * The result of a video: the progress of its renditions, then a player of them. Without renditions, it is the video as it
 * was uploaded, with the reason if there is one.
 */
export function videoResult(entry) {
  const root = element("div", { class: "result film" });

  async function start(onPicture) {
    const percent = element("progress", { max: 100, "aria-label": `Transcoding of ${entry.name}` });
    const step = element("p", { class: "step", role: "status" }, "Waiting for the check.");
    root.replaceChildren(element("div", { class: "transcoding" }, percent, step));
    try {
      const files = await videoFiles(entry);
      const status = await waitForFinalStatus(files.status, (status) => {
        step.textContent = STEPS[status.state] ?? "";
        if (status.percent === undefined) percent.removeAttribute("value");
        else percent.value = status.percent;
      });
      if (status?.state === "ready") {
        const playback = opened(status.playback, files);
        root.replaceChildren(await player(entry, { ...status, playback }));
        if (playback.poster) onPicture(playback.poster);
      } else {
        root.replaceChildren(await asUploaded(entry, reasonOf(status)));
      }
    } catch (error) {
      root.replaceChildren(await asUploaded(entry, `The state of the video can't be read. ${messageOf(error)}`, () => start(onPicture)));
    }
  }
  return { root, start };
}

/** The addresses of a status document as this page can load them. What isn't one address stays. */
function opened(playback, files) {
  return Object.fromEntries(Object.entries(playback).map(([name, path]) => [name, typeof path === "string" ? files.open(path) : path]));
}

function reasonOf(status) {
  if (status === undefined) return "";
  if (status.state === "canceled") return "The transcoding was canceled.";
  return `The video can't be transcoded: ${status.error?.message ?? "no reason is given"}`;
}

async function asUploaded(entry, reason, retry) {
  const video = element("video", {
    controls: true,
    preload: "metadata",
    src: await originalOf(entry).catch(() => undefined),
    onerror: () => video.remove(),
  });
  const figure = element("figure", {}, video);
  if (reason) figure.append(element("p", { class: "refused" }, reason));
  if (retry) figure.append(element("button", { type: "button", onclick: retry }, "Try again"));
  figure.append(element("figcaption", {}, "The video is served as it was uploaded."));
  return figure;
}
