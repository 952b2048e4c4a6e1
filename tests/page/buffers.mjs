// What the buffers of a browser hold of films: buffers.mjs FILMS, a JSON array of objects with `name` and `hls`, the path of a playlist.
// Prints the array with `ranges`, the buffered seconds of the largest rendition, `duration`, `width` and `height` added, or `error`.
import { readFileSync } from "node:fs";
import { closeBrowser, onPage, openBrowser } from "./page.mjs";

const films = JSON.parse(readFileSync(process.argv[2], "utf8"));
await openBrowser();
try {
  await onPage(async ({ page }) => {
    const found = [];
    for (const film of films) found.push({ ...film, ...(await page.evaluate(buffered, film.hls)) });
    console.log(JSON.stringify(found));
  });
} finally {
  await closeBrowser();
}

/** Loads a film to its end. */
async function buffered(url) {
  const { default: Hls } = await import("/hls.js");
  const video = Object.assign(document.createElement("video"), { muted: true });
  const hls = new Hls({ enableWorker: false, maxBufferLength: 120 });
  const read = () => Array.from({ length: video.buffered.length }, (_, at) => [video.buffered.start(at), video.buffered.end(at)]);
  try {
    return await new Promise((resolve) => {
      const late = setTimeout(() => resolve({ error: `no end: ${JSON.stringify(read())} of ${video.duration}` }), 30_000);
      hls.on(Hls.Events.MANIFEST_PARSED, () => (hls.currentLevel = hls.levels.length - 1));
      hls.on(Hls.Events.ERROR, (_, { details, fatal }) => fatal && resolve({ error: details }));
      hls.on(Hls.Events.BUFFER_EOS, async () => {
        clearTimeout(late);
        // The event comes before the end of the stream, which lengthens the buffer of a sound that ends before its picture.
        const isWhole = () => video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && (read().at(-1)?.[1] ?? 0) > video.duration - 0.3;
        for (let polls = 0; polls < 300 && !isWhole(); polls += 1) await new Promise((done) => setTimeout(done, 10));
        const { duration, videoWidth: width, videoHeight: height } = video;
        resolve({ ranges: read(), duration, width, height });
      });
      hls.loadSource(url);
      hls.attachMedia(video);
    });
  } finally {
    hls.destroy();
  }
}
