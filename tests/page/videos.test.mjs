// Videos on the page, in a real browser: from the file to adaptive playback. The environment is that of page.test.mjs.
// ffmpeg makes the clips.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { uploadedCard } from "./cards.mjs";
import { choose, closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { openFile } from "./tiles.mjs";

before(openBrowser);

after(closeBrowser);

test("a clip is transcoded and plays adaptively, with thumbnails for scrubbing", async () => {
  await onPage(async ({ page, errors }) => {
    await choose(page, [clip("clip.mp4", { size: "960x540", seconds: 20 })]);
    const card = await uploadedCard(page, "clip.mp4");
    await card.locator(".transcoding, .player").first().waitFor();
    const video = await playerOf(card);

    const poster = await video.getAttribute("poster");
    assert.match(poster, /^\/videos\/[^/]+\/poster\.jpg\?w=1080$/);
    await page.waitForFunction(async (url) => (await createImageBitmap(await (await fetch(url)).blob())).width > 0, poster);

    const choice = card.getByLabel("Quality");
    assert.deepEqual(await choice.locator("option:not(:first-child)").allTextContents(), ["540p", "360p", "270p"]);

    await video.evaluate((video) => {
      video.muted = true;
      // On a slow machine the steps below take longer than the clip.
      video.loop = true;
      return video.play();
    });
    await playsFrom(page, video, 0);
    await screenshot(page, "video");

    for (const [name, height] of [
      ["270p", 270],
      ["540p", 540],
    ]) {
      await choice.selectOption({ label: name });
      await page.waitForFunction(
        ([choice, video, name, height]) => choice.dataset.level === name && video.videoHeight === height,
        [await choice.elementHandle(), await video.elementHandle(), name, height],
      );
    }

    const bar = card.getByLabel("Position");
    await bar.evaluate((bar) => {
      bar.value = 14;
      bar.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await playsFrom(page, video, 14);

    const { width, height } = await bar.boundingBox();
    const thumbnail = await card.locator(".thumbnail-at").elementHandle();
    const other = async (before) => {
      const look = ({ style }) => [style.backgroundImage, style.backgroundPosition].join(" ");
      const isOther = ([{ style }, before]) => [style.backgroundImage, style.backgroundPosition].join(" ") !== before;
      await page.waitForFunction(isOther, [thumbnail, before]);
      return thumbnail.evaluate(look);
    };
    // Until the pointer is over the bar, it shows the thumbnail of the seek above.
    const clicked = await other("");
    await bar.hover({ position: { x: 0.1 * width, y: height / 2 } });
    const first = await other(clicked);
    await bar.hover({ position: { x: 0.9 * width, y: height / 2 } });
    await other(first);
    const sheet = first.match(/url\("(.+?)"\)/)[1];
    const size = await page.evaluate(async (url) => {
      const { width, height } = await createImageBitmap(await (await fetch(url)).blob());
      return { width, height };
    }, sheet);
    assert.ok(size.width >= 160 && size.height >= 90, JSON.stringify(size));
    await screenshot(page, "video-scrubbed");

    // A page that is opened later shows the player at once.
    await page.reload();
    await playerOf(await openFile(page, "clip.mp4"));
    // The status document doesn't exist before the trigger handles the clip's event, and browsers log each 404.
    assert.deepEqual(errors.filter((error) => !error.includes("404")), []);
  });
});

test("a truncated video shows an error, and a video without sound plays", async () => {
  await onPage(async ({ page }) => {
    const whole = clip("whole.mp4", { size: "640x360", seconds: 3 });
    const half = { ...whole, name: "half.mp4", buffer: whole.buffer.subarray(0, whole.buffer.length / 2) };
    await choose(page, [half, clip("silent.webm", { size: "640x360", seconds: 3, codecs: ["-c:v", "libvpx", "-an"] })]);
    await (await uploadedCard(page, "half.mp4")).getByText("The video can't be transcoded").waitFor();
    const video = await playerOf(await uploadedCard(page, "silent.webm"));
    await video.evaluate((video) => {
      video.loop = true;
      return video.play();
    });
    await playsFrom(page, video, 0);
  });
});

test("captions that were uploaded before a video are a text track of hls.js", async () => {
  await onPage(async ({ page }) => {
    const text = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nHello from the captions\n";
    const captions = await uploadedFile(page, { name: "en.vtt", mimeType: "text/vtt", buffer: Buffer.from(text) });
    const film = clip("clip.mp4", { size: "320x180", seconds: 5 });
    const video = await uploadedFile(page, film, { "captions-en": captions.key });
    await page.evaluate(async (url) => {
      let status;
      do {
        await new Promise((resolve) => setTimeout(resolve, 200));
        const response = await fetch(url);
        status = response.ok ? await response.json() : {};
      } while (!["ready", "failed"].includes(status.state));
      const { playback } = status;
      const { default: Hls } = await import("/hls.js");
      const player = document.body.appendChild(Object.assign(document.createElement("video"), { id: "captioned" }));
      const hls = new Hls({ enableWorker: false });
      hls.loadSource(playback.hls);
      hls.attachMedia(player);
    }, `/videos/${video.id}/status.json`);
    const cue = await page.waitForFunction(() => {
      const [track] = document.querySelector("#captioned").textTracks;
      // As the menu of the browser's controls does.
      if (track?.mode === "disabled") track.mode = "showing";
      return track?.cues?.length > 0 && { language: track.language, text: track.cues[0].text, start: track.cues[0].startTime };
    });
    assert.deepEqual(await cue.jsonValue(), { language: "en", text: "Hello from the captions", start: 1 });
  });
});

test("a private video plays through a pass", async () => {
  await onPage(async ({ page, errors }) => {
    const film = clip("secret.mp4", { size: "320x180", seconds: 5 });
    const { id } = await uploadedFile(page, film, {}, { visibility: "private" });
    const detail = await openListed(page, "secret.mp4", id);
    const video = await playerOf(detail);
    const { pathname } = new URL(await video.getAttribute("poster"), page.url());
    assert.match(pathname, new RegExp(`^/private-videos/~[^/]+/${id}/poster\\.jpg$`));
    await page.waitForFunction(async (url) => (await createImageBitmap(await (await fetch(url)).blob())).width > 0, pathname);
    await video.evaluate((video) => {
      video.muted = true;
      video.loop = true;
      return video.play();
    });
    await playsFrom(page, video, 0);
    await detail.getByLabel("Position").hover();
    await detail.locator(".thumbnail-at").waitFor();
    await detail.getByRole("button", { name: "Open it by a link for an hour" }).waitFor();
    await screenshot(page, "video-private");
    assert.equal((await fetch(`${process.env.EDGE}/private-videos/${id}/status.json`)).status, 403);
    assert.deepEqual(errors.filter((error) => !error.includes("404")), []);
  });
});

test("a private video that can't be transcoded plays as it was uploaded, or says why not", async () => {
  await onPage(async ({ page }) => {
    await page.route("**/private-videos/**/status.json", (route) => route.fulfill({ json: { schema: 1, state: "failed", error: { message: "no such codec" } } }));
    const { id } = await uploadedFile(page, clip("kept.mp4", { size: "320x180", seconds: 3 }), {}, { visibility: "private" });
    const detail = await openListed(page, "kept.mp4", id);
    await detail.getByText("The video can't be transcoded: no such codec").waitFor();
    const video = detail.locator("figure video");
    await page.waitForFunction((video) => video.duration > 1, await video.elementHandle());
  });
});

/** Uploads a file with metadata as a client of the API does. Returns its grant once the file is clean. */
function uploadedFile(page, { name, mimeType, buffer }, metadata = {}, request = {}) {
  return page.evaluate(
    async ({ name, mimeType, base64, metadata, request }) => {
      const body = JSON.stringify({ filename: name, type: mimeType, metadata, ...request });
      const signed = await fetch("/uploads", { method: "POST", headers: { "content-type": "application/json" }, body });
      const grant = await signed.json();
      const form = new FormData();
      for (const [field, value] of Object.entries(grant.fields)) form.append(field, value);
      form.append("file", new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]));
      await fetch(grant.url, { method: "POST", body: form });
      await fetch(`/uploads/${grant.id}?wait=20`);
      return grant;
    },
    { name, mimeType, base64: buffer.toString("base64"), metadata, request },
  );
}

/** Opens a file of the library that another browser has uploaded, once the library knows that it is clean. */
async function openListed(page, name, id) {
  const isClean = async () => (await (await fetch(`${process.env.EDGE}/library/files/${id}`)).json()).state === "clean";
  for (const end = Date.now() + 60_000; !(await isClean()); ) assert.ok(Date.now() < end, `${name} isn't clean in the library`);
  await page.reload();
  return openFile(page, name);
}

/** The video of a card once it can play. */
async function playerOf(card) {
  const video = card.locator(".player video");
  await video.waitFor({ timeout: 240_000 });
  await card.page().waitForFunction((video) => video.duration > 1, await video.elementHandle());
  return video;
}

/** Waits until a video has played half a second from a time on. */
async function playsFrom(page, video, seconds) {
  await page.waitForFunction(
    ([video, seconds]) => !video.seeking && video.currentTime > seconds + 0.5 && video.currentTime < seconds + 6,
    [await video.elementHandle(), seconds],
  );
}

/** A clip with a moving test picture and a tone, as a file to choose. */
function clip(name, { size, seconds, codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"] }) {
  const folder = mkdtempSync(path.join(tmpdir(), "tintype-clip-"));
  try {
    const file = path.join(folder, name);
    const picture = `testsrc2=size=${size}:rate=25:duration=${seconds}`;
    const tone = `sine=frequency=440:duration=${seconds}`;
    const inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone];
    execFileSync("ffmpeg", ["-nostdin", "-v", "error", ...inputs, ...codecs, "-pix_fmt", "yuv420p", file]);
    return { name, mimeType: name.endsWith("webm") ? "video/webm" : "video/mp4", buffer: readFileSync(file) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
