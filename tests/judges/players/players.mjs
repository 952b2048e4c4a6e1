// Runs each player in Chromium over the renditions of a video: players.mjs STATUS PASSES CLIPS, the video's status document as JSON,
// the paths of the same video's HLS and DASH as a private video, with passes, and clips with unusual times.
// Each must play, seek, switch to its smallest and to its largest rendition, and end, without an error.
import { readFileSync } from "node:fs";
import path from "node:path";
import { TIMES } from "./times.mjs";
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
  { name: "hls.js, HLS", ...HLS_JS, url: hls },
  { name: "dash.js, DASH", ...DASH_JS, url: dash },
  { name: "Shaka Player, HLS", ...SHAKA, url: hls },
  { name: "Shaka Player, DASH", ...SHAKA, url: dash },
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

const browser = await launch();
try {
  const results = [];
  /** Runs checks over what a player has loaded. */
  const judge = async (group, name, player, checks) => {
    let page;
    const loads = await result(group, `${name}: loads`, async () => (page = await open(browser, player)));
    results.push(loads);
    if (loads.failure) return;
    for (const [check, run] of Object.entries(checks)) results.push(await result(group, `${name}: ${check}`, () => run(page)));
    await page.close();
  };
  for (const player of PLAYERS) await judge(player.name, player.name, player, CHECKS);
  for (const { name, url, ...player } of TIMED) {
    for (const clip of clips) {
      const checks = Object.entries(TIMES).map(([check, run]) => [check, (page) => run(page, clip)]);
      await judge(name, `${name}: ${clip.name}`, { ...player, url: url(clip) }, Object.fromEntries(checks));
    }
  }
  const versions = ["hls.js", "dashjs", "shaka-player"].map(version).join(", ");
  report(`${versions} (npm), Chromium ${browser.version()}`, `a clip of 20 s as HLS and as DASH, public and private, and ${clips.length} clips with unusual times`, results);
} finally {
  await browser.close();
}
