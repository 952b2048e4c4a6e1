import { element } from "./dom.js";
import { wordsOf } from "./failure.js";
import { player } from "./player.js";
import { followed } from "./status.js";

/** What to say while a video is worked on. */
const STEPS = {
  queued: "Waiting to be transcoded.",
  probing: "Looking at the video.",
  transcoding: "Transcoding.",
};

/**
 * A video: how far its renditions are, then a player of them. Where there are none, it is shown as it was uploaded,
 * with the reason if there is one.
 */
export function filmResult(entry) {
  const root = element("div", { class: "result film" });

  async function start(onPicture) {
    const percent = element("progress", { max: 100, "aria-label": `Transcoding of ${entry.name}` });
    const words = element("p", { class: "step", role: "status" }, "Waiting to be looked at.");
    root.replaceChildren(element("div", { class: "transcoding" }, percent, words));
    try {
      const status = await followed(entry, (status) => {
        words.textContent = STEPS[status.state] ?? "";
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
      root.replaceChildren(asUploaded(entry, `Its state can't be asked for. ${wordsOf(error)}`, () => start(onPicture)));
    }
  }
  return { root, start };
}

function reasonOf(status) {
  if (status === undefined) return "";
  if (status.state === "canceled") return "The transcoding was canceled.";
  return `The video can't be transcoded: ${status.error?.message ?? "no reason is given"}`;
}

function asUploaded(entry, reason, again) {
  const video = element("video", {
    controls: true,
    preload: "metadata",
    src: entry.path,
    onerror: () => video.remove(),
  });
  const figure = element("figure", {}, video);
  if (reason) figure.append(element("p", { class: "refused" }, reason));
  if (again) figure.append(element("button", { type: "button", onclick: again }, "Try again"));
  figure.append(element("figcaption", {}, "The video is served as it was uploaded."));
  return figure;
}
