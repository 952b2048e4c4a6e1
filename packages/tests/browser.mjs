import assert from "node:assert/strict";
import http from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const { CHROMIUM = "/usr/bin/chromium" } = process.env;

/** The deadline of every wait in milliseconds. A debug build resizes slowly. */
const PATIENCE = 120_000;

let browser;
let server;

/** Serves page.jsx, at another origin than the stack's. */
export async function open() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("page.jsx", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const html = '<!doctype html><meta charset="utf-8"><title>Test</title><input type="file"><script src="/page.js" defer></script>';
  server = http.createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", `${isScript ? "text/javascript" : "text/html"}; charset=utf-8`);
    response.end(isScript ? outputFiles[0].text : html);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
}

export async function close() {
  await browser?.close();
  server?.close();
}

/** Opens the page. Fails if the page has an unhandled error. */
export async function onPage(use, viewport = { width: 1000, height: 700 }) {
  const context = await browser.newContext({ viewport });
  const errors = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(errors, []);
}
