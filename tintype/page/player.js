import { element } from "./dom.js";
import { scrubber } from "./scrubber.js";

/** The address of hls.js, which is as large as everything else on the page. It is loaded when a video is opened. */
const HLS_SCRIPT = "/hls.js";

/** The media type of HLS in browsers that play it without a library. */
const HLS = "application/vnd.apple.mpegurl";

/** The width of the poster, in pixels: a rung of the ladder. */
const POSTER_WIDTH = 1080;

/** An adaptive player of a video's renditions, with a choice of qualities and a scrubber with thumbnails. */
export async function player(entry, { playback, durationSeconds, renditions }) {
  const video = element("video", {
    controls: true,
    playsinline: true,
    preload: "metadata",
    poster: playback.poster && `${playback.poster}?w=${POSTER_WIDTH}`,
  });
  const qualities = element("div", { class: "qualities" });
  await attach(video, playback, qualities);
  const figure = element("figure", { class: "player" }, video);
  if (playback.tiles) figure.append(await scrubber(video, playback.tiles));
  figure.append(qualities, element("figcaption", {}, caption(renditions, durationSeconds)), links(entry, playback));
  return figure;
}

/** Sets the source of the video: HLS by hls.js, else HLS by the browser, else the file. */
async function attach(video, { hls: url, mp4, audio }, qualities) {
  const file = mp4 ?? audio;
  const { default: Hls } = url ? await import(HLS_SCRIPT) : {};
  if (Hls?.isSupported()) {
    // The page's content security policy doesn't allow the script of a worker.
    const hls = new Hls({ enableWorker: false, capLevelToPlayerSize: false });
    hls.on(Hls.Events.MANIFEST_PARSED, () => qualities.replaceChildren(qualityChoice(hls, Hls.Events.LEVEL_SWITCHED)));
    hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (!fatal) return;
      if (type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else if (file) {
        hls.destroy();
        video.src = file;
      }
    });
    hls.loadSource(url);
    hls.attachMedia(video);
  } else if (url && video.canPlayType(HLS)) {
    video.src = url;
  } else if (file) {
    video.src = file;
  }
}

/** A choice of qualities. The first, `Auto`, shows the current one. */
function qualityChoice(hls, switched) {
  const automatic = element("option", { value: -1 }, "Auto");
  const levels = hls.levels.map((level, index) => element("option", { value: index }, nameOf(level)));
  const choice = element(
    "select",
    { "aria-label": "Quality", onchange: () => (hls.nextLevel = Number(choice.value)) },
    automatic,
    ...levels.reverse(),
  );
  hls.on(switched, (_, { level }) => {
    automatic.textContent = `Auto (${nameOf(hls.levels[level])})`;
    choice.dataset.level = nameOf(hls.levels[level]);
  });
  return element("label", {}, "Quality ", choice);
}

/** A name such as `720p`, by the short side, so that portrait videos have the same names. */
function nameOf({ width, height, bitrate }) {
  return width && height ? `${Math.min(width, height)}p` : `${Math.round(bitrate / 1000)} kbit/s`;
}

function caption(renditions, seconds) {
  const count = renditions?.length ?? 0;
  const time = seconds === undefined ? "" : `${seconds.toFixed(1)} s, `;
  return `${time}${count === 1 ? "1 rendition" : `${count} renditions`}; the player chooses the one that fits.`;
}

function links(entry, { hls, dash, mp4, audio }) {
  const named = { HLS: hls, DASH: dash, MP4: mp4, M4A: audio };
  const shown = Object.entries(named).filter(([, url]) => url);
  const anchors = shown.map(([name, href]) => element("a", { href, target: "_blank", rel: "noopener" }, name));
  return element("p", { class: "sources", "aria-label": `Sources of ${entry.name}` }, ...anchors);
}
