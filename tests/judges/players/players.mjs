// Runs each player in Chromium and Firefox over the renditions of a video: players.mjs STATUS PASSES CLIPS, the status document as JSON,
// the paths of the same video's HLS and DASH as a private video, with passes, and clips with unusual times.
// Each must play, seek, switch to its smallest and to its largest rendition, show captions, and end, without an error.
import { readFileSync } from "node:fs";
import path from "node:path";
import { SILENT_TIMES, TIMES } from "./times.mjs";
import { file, launch, report, result, version } from "../harness/report.mjs";

const { EDGE } = process.env;
const status = JSON.parse(process.argv[2]);
const { hls, dash } = status.playback;
const passes = JSON.parse(process.argv[3]);
const clips = JSON.parse(process.argv[4]);
const heights = status.renditions.map(({ height }) => height).sort((a, b) => a - b);
const PATIENCE = 60_000;

const HLS_JS = { script: "hls.js/dist/hls.min.js", glue: "hls.mjs" };
const DASH_JS = { script: "dashjs/dist/modern/umd/dash.all.min.js", glue: "dash.mjs" };
const SHAKA = { script: "shaka-player/dist/shaka-player.compiled.js", glue: "shaka.mjs" };

const PLAYERS = [
  { name: "hls.js, HLS", ...HLS_JS, url: hls, hasCaptions: true },
  { name: "dash.js, DASH", ...DASH_JS, url: dash, hasCaptions: true },
  { name: "Shaka Player, HLS", ...SHAKA, url: hls, hasCaptions: true },
  { name: "Shaka Player, DASH", ...SHAKA, url: dash, hasCaptions: true },
  { name: "hls.js, private HLS", ...HLS_JS, url: passes.hls },
  { name: "dash.js, private DASH", ...DASH_JS, url: passes.dash },
  { name: "Shaka Player, private HLS", ...SHAKA, url: passes.hls },
];

/** The players that are judged by the times of clips. */
const TIMED = [
  { name: "hls.js, times", ...HLS_JS, url: (clip) => clip.hls },
  { name: "dash.js, times", ...DASH_JS, url: (clip) => clip.dash },
];

/** A page of the CDN's own origin with a player that has loaded the video. `glue` gives each player the same three calls. */
async function open(browser, { script, glue, url }) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const html = "<!DOCTYPE html><title>player</title><video muted playsinline width=640></video>";
  await page.route(`${EDGE}/player`, (route) => route.fulfill({ contentType: "text/html", body: html }));
  await page.goto(`${EDGE}/player`);
  await page.addScriptTag({ content: readFileSync(file(script), "utf8") });
  await page.addScriptTag({ content: readFileSync(path.join(import.meta.dirname, "glue", glue), "utf8") });
  await page.evaluate((url) => {
    window.errors = [];
    const video = document.querySelector("video");
    video.requestVideoFrameCallback((_, { mediaTime }) => (window.firstPicture = mediaTime));
    window.shownCaptions = () => [...video.textTracks].flatMap(({ activeCues }) => [...(activeCues ?? [])].map(({ text }) => text));
    video.addEventListener("error", () => window.errors.push(video.error.message));
    return window.load(video, url, (error) => window.errors.push(error));
  }, url);
  return page;
}

const at = (page, seconds) =>
  page.waitForFunction(
    (seconds) => {
      const { currentTime, seeking } = document.querySelector("video");
      return !seeking && currentTime > seconds + 0.5 && currentTime < seconds + 8;
    },
    seconds,
  );

const seek = (page, seconds) => page.evaluate((seconds) => (document.querySelector("video").currentTime = seconds), seconds);

/** The checks of a player, in order. */
const CHECKS = {
  plays: async (page) => {
    await page.evaluate(() => document.querySelector("video").play());
    await at(page, 0);
  },
  "knows every rendition": async (page) => {
    const known = await page.evaluate(() => window.heights());
    if (String(known) !== String(heights)) throw new Error(`${known} instead of ${heights}`);
  },
  "knows the duration": async (page) => {
    const duration = await page.evaluate(() => document.querySelector("video").duration);
    if (Math.abs(duration - 20) > 0.3) throw new Error(`${duration} s instead of 20 s`);
  },
  "seeks forward and back": async (page) => {
    for (const seconds of [14, 3]) {
      await seek(page, seconds);
      await at(page, seconds);
    }
  },
  "shows the captions of the moment": async (page, { hasCaptions }) => {
    if (!hasCaptions) return;
    await page.evaluate(() => window.showCaptions());
    for (const [seconds, text] of [[13, "Late"], [3, "Early"]]) {
      await seek(page, seconds);
      await page.waitForFunction((text) => window.shownCaptions().join() === text, text);
    }
  },
  "switches down and up": async (page) => {
    for (const height of [heights[0], heights.at(-1)]) {
      await seek(page, 6);
      await at(page, 6);
      await page.evaluate((height) => window.select(height), height);
      await page.waitForFunction((height) => document.querySelector("video").videoHeight === height, height);
      await at(page, 6);
    }
  },
  "plays to the end": async (page) => {
    await seek(page, 18.5);
    await page.waitForFunction(() => document.querySelector("video").ended);
  },
  "reports no error": async (page) => {
    const errors = await page.evaluate(() => window.errors);
    if (errors.length > 0) throw new Error(errors.join("; "));
  },
};

/** The results of every player in a browser. */
async function judged(browser, prefix, times) {
  const results = [];
  /** Runs checks over what a player has loaded. */
  const judge = async (group, name, player, checks) => {
    let page;
    const loads = await result(group, `${name}: loads`, async () => (page = await open(browser, player)));
    results.push(loads);
    if (loads.failure) return;
    for (const [check, run] of Object.entries(checks))
      results.push(await result(group, `${name}: ${check}`, () => run(page, player)));
    await page.close();
  };
  for (const player of PLAYERS) await judge(prefix + player.name, prefix + player.name, player, CHECKS);
  for (const { name, url, ...player } of TIMED) {
    for (const clip of clips) {
      const checks = Object.entries(times).map(([check, run]) => [check, (page) => run(page, clip)]);
      await judge(prefix + name, `${prefix}${name}: ${clip.name}`, { ...player, url: url(clip) }, Object.fromEntries(checks));
    }
  }
  return results;
}

// Without a sound device Firefox runs no AudioContext, so a tone can't be heard in it.
const BROWSERS = [
  { name: "chromium", prefix: "", times: TIMES },
  { name: "firefox", prefix: "Firefox, ", times: SILENT_TIMES },
];

const results = [];
const browsers = [];
for (const { name, prefix, times } of BROWSERS) {
  const browser = await launch(name);
  try {
    results.push(...(await judged(browser, prefix, times)));
    browsers.push(`${name} ${browser.version()}`);
  } finally {
    await browser.close();
  }
}
const versions = [...["hls.js", "dashjs", "shaka-player"].map(version), ...browsers].join(", ");
const tried = `a clip of 20 s with captions as HLS and as DASH, public and private, and ${clips.length} clips with unusual times`;
report(versions, tried, results);
