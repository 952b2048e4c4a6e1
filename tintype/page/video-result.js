import { element } from "./dom.js";
import { messageOf } from "./failure.js";
import { player } from "./player.js";
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
      const status = await waitForFinalStatus(entry, (status) => {
        step.textContent = STEPS[status.state] ?? "";
        if (status.percent === undefined) percent.removeAttribute("value");
        else percent.value = status.percent;
      });
      if (status?.state === "ready") {
        root.replaceChildren(await player(entry, status));
        if (status.playback.poster) onPicture(status.playback.poster);
      } else {
        root.replaceChildren(asUploaded(entry, reasonOf(status)));
      }
    } catch (error) {
      root.replaceChildren(asUploaded(entry, `The state of the video can't be read. ${messageOf(error)}`, () => start(onPicture)));
    }
  }
  return { root, start };
}

function reasonOf(status) {
  if (status === undefined) return "";
  if (status.state === "canceled") return "The transcoding was canceled.";
  return `The video can't be transcoded: ${status.error?.message ?? "no reason is given"}`;
}

function asUploaded(entry, reason, retry) {
  const video = element("video", {
    controls: true,
    preload: "metadata",
    src: entry.path,
    onerror: () => video.remove(),
  });
  const figure = element("figure", {}, video);
  if (reason) figure.append(element("p", { class: "refused" }, reason));
  if (retry) figure.append(element("button", { type: "button", onclick: retry }, "Try again"));
  figure.append(element("figcaption", {}, "The video is served as it was uploaded."));
  return figure;
}
