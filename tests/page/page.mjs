import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const { EDGE, CHROMIUM = "/usr/bin/chromium", ARTEFACTS } = process.env;

/** The deadline of every wait, in milliseconds. A debug build resizes slowly. */
const PATIENCE = 60_000;

let browser;

export async function openBrowser() {
  assert.ok(EDGE, "EDGE must be the address of a running local stack, such as http://127.0.0.1:8080");
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return browser;
}

export function closeBrowser() {
  return browser?.close();
}

/** Opens the page in a new browser context, without data of other tests. `errors` collects the errors in its console. */
export async function onPage(use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const errors = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(EDGE);
    await use({ page, errors });
  } finally {
    await context.close();
  }
}

/** Limits the page's upload rate, in bytes per second. -1 removes the limit. */
export async function limitUploads(page, bytesPerSecond) {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

export function choose(page, files) {
  return page.setInputFiles("#chooser", files);
}

/** Drops files on the page with the events of a user's drag: `dragover`, then `drop`. */
export async function drop(page, files) {
  const texts = files.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    base64: buffer.toString("base64"),
  }));
  const transfer = await page.evaluateHandle((texts) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, base64 } of texts) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type: mimeType }));
    }
    return transfer;
  }, texts);
  await page.dispatchEvent(".drop", "dragover", { dataTransfer: transfer });
  assert.equal(await page.evaluate(() => document.body.classList.contains("dropping")), true);
  await page.dispatchEvent(".drop", "drop", { dataTransfer: transfer });
  assert.equal(await page.evaluate(() => document.body.classList.contains("dropping")), false);
}

/** Intercepts uploads, and answers them instead of the storage. */
export function intercept(page, answer) {
  const isUpload = (url) => url.origin !== new URL(EDGE).origin && url.protocol.startsWith("http");
  return page.route(isUpload, answer);
}

/** Records every value of each progress bar, by the file's name. */
export function watchProgress(page) {
  return page.evaluate(() => {
    window.progressSeen = {};
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLProgressElement.prototype, "value");
    Object.defineProperty(HTMLProgressElement.prototype, "value", {
      get,
      set(value) {
        (window.progressSeen[this.getAttribute("aria-label").replace("Upload of ", "")] ??= []).push(value);
        set.call(this, value);
      },
    });
  });
}

export async function screenshot(page, name) {
  if (!ARTEFACTS) return;
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: path.join(ARTEFACTS, `page-${name}.png`), fullPage: true });
}
