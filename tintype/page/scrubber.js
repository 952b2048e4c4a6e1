import { element } from "./dom.js";
import { responseFailure, withNetworkFailure } from "./failure.js";

/**
 * A bar over the length of a video. The pointer shows the thumbnail of a time; a click seeks to it. `url` is a WebVTT file
 * whose cues name regions in sheets of thumbnails. Without thumbnails there is only the bar.
 */
export async function scrubber(video, url) {
  const cues = await fetchCues(url).catch(() => []);
  const thumbnail = element("div", { class: "thumbnail-at", hidden: true });
  const bar = element("input", { type: "range", min: 0, max: 0, step: "any", value: 0, "aria-label": "Position" });
  const root = element("div", { class: "scrubber" }, thumbnail, bar);

  video.addEventListener("durationchange", () => (bar.max = Number.isFinite(video.duration) ? video.duration : 0));
  video.addEventListener("timeupdate", () => (bar.value = video.currentTime));
  bar.addEventListener("input", () => {
    video.currentTime = Number(bar.value);
    show(Number(bar.value));
  });
  bar.addEventListener("pointermove", ({ clientX }) => {
    const { left, width } = bar.getBoundingClientRect();
    show((Math.min(Math.max((clientX - left) / width, 0), 1) || 0) * Number(bar.max));
  });
  bar.addEventListener("pointerleave", () => (thumbnail.hidden = true));
  bar.addEventListener("blur", () => (thumbnail.hidden = true));
  return root;

  function show(seconds) {
    const cue = cues.find(({ end }) => seconds < end) ?? cues.at(-1);
    if (!cue) return;
    const share = Number(bar.max) > 0 ? seconds / Number(bar.max) : 0;
    Object.assign(thumbnail.style, {
      width: `${cue.width}px`,
      height: `${cue.height}px`,
      left: `clamp(0px, calc(${100 * share}% - ${cue.width / 2}px), calc(100% - ${cue.width}px))`,
      backgroundImage: `url("${cue.sheet}")`,
      backgroundPosition: `-${cue.x}px -${cue.y}px`,
    });
    thumbnail.hidden = false;
  }
}

async function fetchCues(url) {
  const response = await withNetworkFailure(fetch(url), { aborted: false });
  if (!response.ok) throw await responseFailure(response);
  return readCues(await response.text(), new URL(url, location.href));
}

/** The cues of a WebVTT file: `{end, sheet, x, y, width, height}`, in seconds and pixels. */
export function readCues(text, base) {
  return text
    .split(/\r?\n\r?\n/)
    .map((block) => block.match(/-->\s*([\d:.]+).*\r?\n(\S+)#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)/))
    .filter(Boolean)
    .map(([, end, sheet, ...numbers]) => {
      const [x, y, width, height] = numbers.map(Number);
      return { end: secondsOf(end), sheet: new URL(sheet, base).pathname, x, y, width, height };
    });
}

/** The seconds of a time such as `01:02:03.500` or `02:03.500`. */
function secondsOf(text) {
  return text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
}
