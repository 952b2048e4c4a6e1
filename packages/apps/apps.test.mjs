// Apps that scripts/check-apps made and built, in Chromium. Environment:
//   APPS      folder of the apps `next` and `vite`
//   PHOTO     URL of a PNG of 1600 × 1200 pixels at a running local stack, which the apps show
//   CHROMIUM  the browser (default /usr/bin/chromium)
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { bmp } from "../tests/pictures.mjs";

const { APPS, PHOTO, CHROMIUM = "/usr/bin/chromium" } = process.env;
assert.ok(APPS && PHOTO, "APPS and PHOTO must be set, as scripts/check-apps does");

/** The deadline of every wait, in milliseconds. A debug build resizes slowly. */
const PATIENCE = 120_000;

/** The built-in ladder's widths from 256 up to the first that is not smaller than the photo. */
const WIDTHS = [256, 384, 480, 640, 750, 828, 1080, 1200, 1440, 1920];

/** The rate of uploads in bytes per second, so that a browser reports progress several times. */
const UPLOAD_RATE = 400_000;

const servers = [];
let browser;

before(async () => {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
});

after(async () => {
  await browser?.close();
  for (const server of servers) server.kill();
});

/** Starts an app's server. Resolves to its address, which the server prints. */
async function served(name, command) {
  const server = spawn(process.execPath, [path.join(APPS, name, "node_modules", command[0]), ...command.slice(1)], {
    cwd: path.join(APPS, name),
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  servers.push(server);
  let said = "";
  const deadline = AbortSignal.timeout(PATIENCE);
  for (;;) {
    const [chunk] = await once(server.stdout, "data", { signal: deadline });
    said += chunk;
    const address = said.match(/http:\/\/(localhost|127\.0\.0\.1):\d+/);
    if (address) {
      server.stdout.resume();
      return address[0];
    }
  }
}

async function onPage(address, use) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  const errors = [];
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => errors.push(String(error)));
  // The browser asks for it if an app has no icon.
  const isOther = (url) => !url.endsWith("/favicon.ico");
  page.on("console", (message) => {
    if (message.type() === "error" && isOther(message.location().url)) errors.push(message.text());
  });
  await page.goto(address);
  await use(page);
  await page.close();
  assert.deepEqual(errors, []);
}

/** The query, the size of the file and the widths or densities of the candidates of an `<img>` once it is shown. */
async function shown(page, id) {
  await page.locator(`#${id}`).scrollIntoViewIfNeeded();
  await page.waitForFunction((id) => document.getElementById(id)?.complete && document.getElementById(id).naturalWidth > 0, id);
  return page.evaluate(async (id) => {
    const image = document.getElementById(id);
    // `naturalWidth` is divided by the density of the chosen candidate.
    const bitmap = await createImageBitmap(await (await fetch(image.currentSrc)).blob());
    return {
      query: new URL(image.currentSrc).search,
      size: [bitmap.width, bitmap.height],
      natural: [image.naturalWidth, image.naturalHeight],
      layout: image.width,
      candidates: image.srcset.split(", ").filter(Boolean).map((candidate) => candidate.split(" ")),
    };
  }, id);
}

function candidatesOf(query) {
  return WIDTHS.map((width) => [`${PHOTO}?w=${width}${query}`, `${Math.min(width, 1600)}w`]);
}

/** Checks a `<Picture>` that takes half of a viewport of 1000 pixels, shown 500 pixels wide. */
async function checkPicture(page) {
  const { query, size, layout, candidates } = await shown(page, "picture");
  assert.deepEqual({ query, size, layout }, { query: "?w=640", size: [640, 480], layout: 500 });
  assert.deepEqual(candidates, candidatesOf(""));
}

/** Checks an upload of a picture of 900 × 600 pixels. */
async function checkUpload(page) {
  const file = { name: "cat.bmp", mimeType: "image/bmp", buffer: bmp(900, 600) };
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: UPLOAD_RATE };
  await network.send("Network.emulateNetworkConditions", slow);
  await page.getByLabel("A picture").setInputFiles(file);
  await page.waitForFunction(() => /clean/.test(document.getElementById("states").textContent) || document.getElementById("problem").textContent);
  const text = (id) => page.locator(`#${id}`).textContent();
  assert.deepEqual([await text("problem"), await text("states")], ["", "checking clean"]);
  const progress = (await text("progress")).split(" ").map(Number);
  assert.ok(new Set(progress).size > 3, String(progress));
  assert.deepEqual(progress, [...progress].sort((a, b) => a - b));
  assert.equal(progress.at(-1), file.buffer.length);
  const { query, size } = await shown(page, "uploaded");
  assert.deepEqual({ query, size }, { query: "?w=384", size: [384, 256] });
}

test("a new Next app shows pictures by the loader, by <Picture> and by a signed link, and an upload", async () => {
  const address = await served("next", ["next/dist/bin/next", "start", "--port", "0"]);
  await onPage(address, async (page) => {
    const loader = await shown(page, "loader");
    assert.deepEqual([loader.query, loader.size, loader.layout], ["?w=640", [640, 480], 600]);
    assert.deepEqual(loader.candidates, [[`${PHOTO}?w=640`, "1x"], [`${PHOTO}?w=1200`, "2x"]]);
    const flexible = await shown(page, "flexible");
    assert.deepEqual([flexible.query, flexible.size], ["?w=640", [640, 480]]);
    assert.ok(flexible.candidates.length >= 8, String(flexible.candidates));
    for (const [url, width] of flexible.candidates) assert.equal(url, `${PHOTO}?w=${parseInt(width, 10)}`);
    await checkPicture(page);
    const signed = await shown(page, "signed");
    assert.deepEqual(signed.natural, [333, 250]);
    await checkUpload(page);
  });
});

test("a new Vite app shows pictures by <Picture> and by srcset, and an upload", async () => {
  const address = await served("vite", ["vite/bin/vite.js", "preview", "--port", "0", "--host", "127.0.0.1"]);
  await onPage(address, async (page) => {
    const fixed = await shown(page, "fixed");
    assert.deepEqual([fixed.query, fixed.size], ["?w=128&h=128&fit=crop&dpr=1", [128, 128]]);
    assert.deepEqual(fixed.candidates.map(([, density]) => density), ["1x", "2x", "3x"]);
    await checkPicture(page);
    await checkUpload(page);
  });
});
