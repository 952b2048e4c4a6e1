// Checks of the times that a player has: those of the element's buffers, of the first picture, of a flash in the
// picture and of the tone that begins with it. A clip of clips.py says when that is.

/** The difference that is permitted, in seconds: between the last samples of picture and sound, and between two polls. */
const TOLERANCE = 0.15;

/** The checks of a clip, by name. `open` loads the clip in a page. */
export const TIMES = {
  "the buffers begin at 0, have no hole and end with the clip": async (page, { seconds }) => {
    const { ranges, duration } = await page.evaluate(buffered, seconds);
    const [[start, end]] = ranges;
    const isRight = ranges.length === 1 && start < 0.05 && Math.abs(end - seconds) < 2 * TOLERANCE;
    if (!isRight || Math.abs(duration - seconds) > 2 * TOLERANCE)
      throw new Error(`${JSON.stringify(ranges)} of ${duration} s instead of 0 to ${seconds}`);
  },
  "the first picture is at 0": async (page) => {
    await page.waitForFunction(() => window.firstPicture !== undefined);
    const first = await page.evaluate(() => window.firstPicture);
    if (first > 0.001) throw new Error(`${first}`);
  },
  "the picture flashes in time": async (page, { flash }) => {
    for (const [time, expected] of [[flash - 0.1, "black"], [flash + 0.1, "white"]]) {
      const level = await page.evaluate(brightness, time);
      if (level > 128 !== (expected === "white")) throw new Error(`${level} at ${time} instead of ${expected}`);
    }
  },
  "the tone begins in time": async (page, { flash }) => {
    const time = await page.evaluate(toneFrom, Math.max(0, flash - 0.8));
    if (Math.abs(time - flash) > TOLERANCE) throw new Error(`${time} instead of ${flash}`);
  },
};

/** The checks that need no sound. */
export const { "the tone begins in time": _, ...SILENT_TIMES } = TIMES;

/** Waits until the end is buffered. Returns the buffered ranges and the duration. */
async function buffered(seconds) {
  const video = document.querySelector("video");
  const read = () => Array.from({ length: video.buffered.length }, (_, at) => [video.buffered.start(at), video.buffered.end(at)]);
  const patience = performance.now() + 20_000;
  while ((read().at(-1)?.[1] ?? 0) < seconds - 0.3 && performance.now() < patience)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return { ranges: read().length > 0 ? read() : [[NaN, NaN]], duration: video.duration };
}

/** The brightness of the picture at a time, from 0 to 255. */
async function brightness(time) {
  const video = document.querySelector("video");
  const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const sought = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
  video.currentTime = time;
  await Promise.all([shown, sought]);
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data[0];
}

/** Plays from a time. Returns the time at which a tone begins. */
async function toneFrom(time) {
  const video = document.querySelector("video");
  video.muted = false;
  const audio = new AudioContext();
  const analyser = new AnalyserNode(audio, { fftSize: 512 });
  audio.createMediaElementSource(video).connect(analyser).connect(audio.destination);
  await audio.resume();
  video.currentTime = time;
  await video.play();
  const samples = new Float32Array(analyser.fftSize);
  const patience = performance.now() + 20_000;
  while (performance.now() < patience && !video.ended) {
    analyser.getFloatTimeDomainData(samples);
    if (samples.some((sample) => Math.abs(sample) > 0.1)) return video.currentTime;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return NaN;
}
