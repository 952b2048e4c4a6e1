// The built site in Chromium. Environment:
//   EDGE      address of a running local stack, for the playground (required)
//   CHROMIUM  the browser (default /usr/bin/chromium)
//   ARTEFACTS folder for screenshots (none without it)
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const { EDGE, CHROMIUM = "/usr/bin/chromium", ARTEFACTS } = process.env;
assert.ok(EDGE, "EDGE must be the address of a running local stack, as site/check-site sets it");

const SITE = fileURLToPath(new URL(".vitepress/dist", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".webp": "image/webp", ".svg": "image/svg+xml" };

/** The deadline of every wait, in milliseconds. A debug build resizes slowly. */
const PATIENCE = 120_000;

let browser;
let server;
let shots = 0;

before(async () => {
  server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = path.join(SITE, pathname === "/" ? "index.html" : pathname);
    response.statusCode = existsSync(file) ? 200 : 404;
    response.setHeader("content-type", TYPES[path.extname(file)] ?? "application/octet-stream");
    response.end(existsSync(file) ? readFileSync(file) : "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens a page of the site. Fails if it has an unhandled error. */
async function onPage(file, use) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const errors = [];
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/${file}`);
  await use(page);
  shots += 1;
  if (ARTEFACTS) await page.screenshot({ path: path.join(ARTEFACTS, `site-${shots}.png`), fullPage: true });
  await page.close();
  assert.deepEqual(errors, []);
}

async function onPlayground(use) {
  await onPage("playground.html", async (page) => {
    const address = page.getByLabel("Address of the stack");
    assert.equal(await address.inputValue(), "http://127.0.0.1:8080");
    await address.fill(EDGE);
    const outcome = page.locator(".outcome");
    await use(page, (words) => outcome.filter({ hasText: words }).waitFor());
  });
}

test("the first page shows a picture in six sizes, as large as it says", async () => {
  await onPage("index.html", async (page) => {
    const stated = await page.locator(".vp-doc").evaluate((doc) => [...doc.textContent.matchAll(/is (\d+ × \d+)/g)].map(([, size]) => size));
    assert.equal(stated.length, 6);
    const images = page.locator(".vp-doc img");
    assert.equal(await images.count(), 6);
    for (const [index, image] of (await images.all()).entries()) {
      await image.scrollIntoViewIfNeeded();
      await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await image.elementHandle());
      const size = await image.evaluate(({ naturalWidth, naturalHeight }) => `${naturalWidth} × ${naturalHeight}`);
      assert.equal(size, stated[index]);
    }
  });
});

test("the playground shows the sample in the editor, with the URL, the size and the bytes", async () => {
  await onPlayground(async (page, says) => {
    await page.getByRole("button", { name: "Upload a sample picture" }).click();
    await says(/480\s×\s480 · .*kB/);
    await page.getByLabel("Width").fill("300");
    await page.getByLabel("Height").fill("");
    await page.getByLabel("Fit").selectOption("max");
    await page.getByLabel("Format").selectOption("png");
    await says(/^PNG · 384\s×\s288 · /);
    const url = await page.locator(".built").textContent();
    assert.ok(url.startsWith(`${EDGE}/files/`) && url.endsWith("/sample.jpg?w=300&fm=png"), url);
    const bytes = (await (await fetch(url)).arrayBuffer()).byteLength;
    const [, kilobytes] = (await page.locator(".outcome").textContent()).match(/([\d.]+)\skB/);
    assert.ok(Math.abs(bytes / 1000 - Number(kilobytes)) < 1, `${bytes} bytes, shown as ${kilobytes} kB`);
    const shown = await page.locator(".editor > img").evaluate((image) => image.decode().then(() => image.naturalWidth));
    assert.equal(shown, 384);

    await page.getByText("All parameters").click();
    await page.getByLabel("Turn left").selectOption("90");
    await says(/^PNG · 300\s×\s400 · .*a signed link$/);
    assert.match(await page.locator(".built").textContent(), /&rot=90&s=/);
  });
});

test("the playground uploads a file, opens it again by its URL, and says why a file is refused", async () => {
  await onPlayground(async (page, says) => {
    const chooser = page.getByLabel("Upload a file of yours");
    const picture = page.getByLabel("Or the URL of a picture");
    const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><circle r="200" /></svg>');
    await chooser.setInputFiles({ name: "drawing.svg", mimeType: "image/svg+xml", buffer: drawing });
    await says(/480\s×\s480/);
    const url = await picture.inputValue();
    assert.match(url, /\/drawing\.svg$/);

    await picture.fill(`${url}?w=100`);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByLabel("Parameters of drawing.svg").fill("w=96");
    await says(/96\s×\s64/);

    await chooser.setInputFiles({ name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>") });
    await page.locator("#announcer.problem", { hasText: "text/html" }).waitFor();
  });
});

test("the playground says what to do if no stack answers", async () => {
  await onPlayground(async (page) => {
    const message = page.locator("#announcer.problem");
    // A port that was free a moment ago.
    const free = http.createServer();
    await new Promise((resolve) => free.listen(0, "127.0.0.1", resolve));
    const nobody = `http://127.0.0.1:${free.address().port}`;
    await new Promise((resolve) => free.close(resolve));
    await page.getByLabel("Address of the stack").fill(nobody);
    await page.getByRole("button", { name: "Upload a sample picture" }).click();
    await message.filter({ hasText: `No stack answers at ${nobody}. Start one with “tintype local”` }).waitFor();
    await page.getByLabel("Address of the stack").fill("localhost");
    await page.getByRole("button", { name: "Upload a sample picture" }).click();
    await message.filter({ hasText: "“localhost” isn't an address such as http://127.0.0.1:8080" }).waitFor();
    await page.getByLabel("Or the URL of a picture").fill(`${nobody}/files/1/cat.jpg`);
    await page.getByRole("button", { name: "Open" }).click();
    await message.filter({ hasText: "No stack answers" }).waitFor();
  });
});
