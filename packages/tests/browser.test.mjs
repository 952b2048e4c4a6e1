// The components, and uploads, in Chromium on a page of another origin than the stack's. Environment:
//   EDGE      address of a running local stack (required)
//   CHROMIUM  the browser (default /usr/bin/chromium)
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { startUpload } from "@tintype/client/upload";
import { close, onPage, open } from "./browser.mjs";
import { bmp, png, QUARTERS } from "./pictures.mjs";

const { EDGE } = process.env;
assert.ok(EDGE, "EDGE must be the address of a running local stack, such as http://127.0.0.1:8080");

const PART = 5 * 2 ** 20;
const folder = mkdtempSync(path.join(tmpdir(), "tintype-packages-"));

before(open);

after(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

function fileOf(name, bytes) {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** The URL, width, height and the colours of the quarters of the picture that the page shows. */
async function shown(page) {
  await page.waitForFunction(() => document.querySelector("main img")?.complete && document.querySelector("main img").naturalWidth > 0);
  return page.evaluate(async () => {
    const image = document.querySelector("main img");
    const bitmap = await createImageBitmap(await (await fetch(image.currentSrc)).blob());
    const { width, height } = bitmap;
    const canvas = new OffscreenCanvas(width, height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    const at = (x, y) => [...canvas.getImageData(Math.floor(width * x), Math.floor(height * y), 1, 1).data.slice(0, 3)];
    const quarters = [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
    return { query: new URL(image.currentSrc).search, width, height, quarters, shownWidth: image.width };
  });
}

function assertNear(found, expected) {
  const isNear = found.flat().every((value, index) => Math.abs(value - expected.flat()[index]) <= 12);
  assert.ok(isNear, `${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

test("a <Picture> shows the width that fits its layout, and another crop on a narrow screen", async () => {
  const { url: src } = await startUpload(new Blob([png(1600, 1200)], { type: "image/png" }), { endpoint: EDGE }).finished;
  const props = {
    src,
    alt: "Quarters",
    sizes: "500px",
    sourceWidth: 1600,
    width: 500,
    artDirection: [{ media: "(max-width: 500px)", parameters: { w: 1, h: 1, fit: "crop", crop: "left" }, sizes: "100vw" }],
  };
  await onPage(async (page) => {
    await page.evaluate((props) => window.showPicture(props), props);
    const picture = await shown(page);
    assert.deepEqual({ ...picture, quarters: [] }, { query: "?w=640", width: 640, height: 480, quarters: [], shownWidth: 500 });
    assertNear(picture.quarters, QUARTERS);
  });
  await onPage(async (page) => {
    await page.evaluate((props) => window.showPicture(props), { ...props, width: undefined });
    const { width, height, quarters } = await shown(page);
    assert.deepEqual([width, height], [480, 480]);
    // The left square of 4:3 is two thirds red over blue.
    assertNear([quarters[0], quarters[2]], [QUARTERS[0], QUARTERS[2]]);
  }, { width: 400, height: 700 });
});

test("a <Picture> without sizes has its fixed size at the density of the screen", async () => {
  const { url: src } = await startUpload(new Blob([png(800, 600)], { type: "image/png" }), { endpoint: EDGE }).finished;
  await onPage(async (page) => {
    await page.evaluate((props) => window.showPicture(props), { src, alt: "", parameters: { w: 96, h: 96, fit: "crop" } });
    const { query, width, height } = await shown(page);
    assert.deepEqual([query, width, height], ["?w=96&h=96&fit=crop&dpr=1", 96, 96]);
  });
});

test("a chosen file is uploaded with progress and shown", async () => {
  await onPage(async (page) => {
    await page.setInputFiles("input", fileOf("cat.png", png(640, 480)));
    await page.evaluate((endpoint) => window.begin({ endpoint }), EDGE);
    const { url, width, error } = await page.evaluate(() => window.result);
    assert.deepEqual([error, width], [undefined, 640]);
    assert.deepEqual(await page.evaluate(() => window.states), ["checking", "clean"]);
    const progress = await page.evaluate(() => window.progress);
    assert.deepEqual(progress, [...progress].sort((a, b) => a - b));
    await page.evaluate((props) => window.showPicture(props), { src: url, alt: "", sizes: "300px", sourceWidth: 640 });
    assertNear((await shown(page)).quarters, QUARTERS);
  });
});

test("an upload in parts pauses, continues after a reload, and sends each part once", async () => {
  const file = fileOf("large.bmp", bmp(1024, 1710));
  await onPage(async (page) => {
    const stored = [];
    let hold = true;
    const held = [];
    await page.route(/partNumber=/, async (route) => {
      const number = Number(new URL(route.request().url()).searchParams.get("partNumber"));
      if (route.request().method() !== "PUT") return route.continue();
      if (number > 1 && hold) return held.push(route);
      stored.push(number);
      return route.continue();
    });
    const options = { endpoint: EDGE, maxFormBytes: 0, partBytes: PART };
    await page.setInputFiles("input", file);
    await page.evaluate((options) => window.begin(options), options);
    await page.waitForFunction((bytes) => window.progress.at(-1) >= bytes, PART);
    await page.evaluate(() => window.upload.pause());
    assert.equal(await page.evaluate(() => window.upload.state), "paused");
    await page.reload();
    hold = false;
    await page.setInputFiles("input", file);
    await page.evaluate((options) => window.begin(options), options);
    const { url, size, error } = await page.evaluate(() => window.result);
    assert.deepEqual([error, size], [undefined, 54 + 3 * 1024 * 1710]);
    assert.deepEqual(stored.sort(), [1, 2]);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await page.evaluate((props) => window.showPicture(props), { src: url, alt: "", sizes: "300px" });
    assertNear((await shown(page)).quarters, QUARTERS);
  });
});

test("a <Video> waits for the renditions and plays, adaptively or as MP4", async () => {
  const clip = path.join(folder, "clip.mp4");
  const picture = "testsrc2=size=160x90:rate=25:duration=1.5";
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-f", "lavfi", "-i", picture, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", clip]);
  await onPage(async (page) => {
    await page.setInputFiles("input", clip);
    await page.evaluate((endpoint) => window.begin({ endpoint }), EDGE);
    const { url: src } = await page.evaluate(() => window.result);
    for (const isAdaptive of [true, false]) {
      await page.evaluate((props) => window.showVideo(props), { src, isAdaptive });
      if (isAdaptive) await page.waitForSelector("#pending");
      const video = await page.waitForSelector("video");
      assert.match(await video.getAttribute("poster"), /\/videos\/[^/]+\/poster\.jpg\?w=1080$/);
      await page.waitForFunction((video) => video.duration > 1 && video.videoHeight === 90, video);
      await video.evaluate((video) => video.play());
      await page.waitForFunction((video) => video.currentTime > 0.5, video);
      const source = await video.evaluate((video) => video.currentSrc);
      assert.match(source, isAdaptive ? /^blob:/ : /\.(mp4|m3u8)$/);
      await page.evaluate(() => window.showPicture({ src: "/none.png", alt: "" }));
    }
    const broken = await startUpload(new Blob([png(8, 8)], { type: "image/png" }), { endpoint: EDGE }).finished;
    await page.evaluate((props) => window.showVideo(props), { src: broken.url, isAdaptive: true });
    await page.waitForFunction(() => document.querySelector("#pending")?.textContent === "waiting");
    await page.evaluate((props) => window.showVideo(props), { src: "/files/none.mp4" });
    await page.waitForFunction(() => /isn't the URL of a video/.test(document.querySelector("#failed")?.textContent));
  });
});
