import assert from "node:assert/strict";
import http from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const { EDGE, CHROMIUM = "/usr/bin/chromium" } = process.env;

/** The deadline of every wait in milliseconds. */
const DEADLINE = 60_000;

/** The option for the signer's URL in each version of Uppy. No other option is needed. */
const ENDPOINT = { 5: "endpoint", 6: "companionEndpoint" };

let browser;
let server;

/** Serves a page for each version of Uppy and one for the other clients, at another origin than the stack's. */
export async function open() {
  assert.ok(EDGE, "EDGE must be the address of a running local stack, such as http://127.0.0.1:8080");
  const bundles = {};
  for (const name of [5, 6, "clients"]) {
    const entryPoints = [fileURLToPath(new URL(`${name}/bundle.mjs`, import.meta.url))];
    // The folder of examples/ contains no packages.
    const nodePaths = [`${name}/node_modules`, "node_modules"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
    const built = await build({
      entryPoints, nodePaths, bundle: true, write: false, format: "iife", logLevel: "error",
    });
    bundles[`/${name}.js`] = built.outputFiles[0].text;
  }
  server = http.createServer((request, response) => {
    const script = bundles[request.url];
    const html = `<!doctype html><meta charset="utf-8"><script src="${request.url}.js"></script>`;
    response.setHeader("content-type", script ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8");
    response.end(script ?? html);
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

/** Opens a page with a version of Uppy. It uses the signer at the path `prefix` of the stack. */
export function withUppy(version, use, prefix = "") {
  return withPage(version, { endpoint: EDGE + prefix, option: ENDPOINT[version] }, use);
}

/** Opens a page with the other clients. */
export function withClients(use) {
  return withPage("clients", { endpoint: EDGE }, use);
}

async function withPage(name, options, use) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(DEADLINE);
    const load = async () => {
      await page.goto(`http://127.0.0.1:${server.address().port}/${name}`);
      await page.evaluate(start, options);
    };
    await load();
    await use(page, load);
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
function start({ endpoint, option }) {
  // The bytes differ at each position, so that a wrong order of parts is detected. They begin like an MP4.
  window.bytesOf = (size) => {
    const words = new Uint32Array(Math.ceil(size / 4)).map((_, i) => Math.imul(i + 1, 2654435761));
    const bytes = new Uint8Array(words.buffer, 0, size);
    bytes.set([0, 0, 0, 24, 102, 116, 121, 112, 105, 115, 111, 109, 0, 0, 2, 0, 105, 115, 111, 109, 109, 112, 52, 49]);
    return bytes;
  };
  window.byBetterUpload = async (names, size, type = "video/mp4") => {
    const files = names.map((name) => new File([window.bytesOf(size)], name, { type }));
    const api = `${endpoint}/clients/better-upload`;
    try {
      const { files: done, failedFiles } = await window.betterUpload({ api, route: "videos", files });
      return { keys: done.map((file) => file.objectInfo.key), failed: failedFiles.length };
    } catch ({ type, message }) {
      return { type, message };
    }
  };
  window.make = (parts, survivesReload) => {
    const uppy = new window.Uppy();
    uppy.use(window.AwsS3, { [option]: endpoint, shouldUseMultipart: parts, retryDelays: [] });
    if (survivesReload) uppy.use(window.GoldenRetriever, { indexedDB: { maxFileSize: 2 ** 26 } });
    window.uppy = uppy;
    return uppy;
  };
  window.begin = ({ name, size, type = "video/mp4", parts, survivesReload, s3Multipart, finishes }) => {
    const uppy = window.make(parts, survivesReload);
    if (finishes) window.finishAtTheCdn(uppy, endpoint);
    window.fileId = uppy.addFile({ name, type, data: new Blob([window.bytesOf(size)], { type }) });
    if (s3Multipart) uppy.setFileState(window.fileId, { s3Multipart });
  };
  // Uploads one part and pauses. Returns the key and the upload id.
  window.uploadOnePart = () =>
    new Promise((resolve) => {
      window.uppy.once("s3-multipart:part-uploaded", () => {
        window.uppy.pauseAll();
        const { key, uploadId } = window.uppy.getFile(window.fileId).s3Multipart;
        resolve({ key, uploadId });
      });
      window.uploading = window.upload();
    });
  // Waits until Golden Retriever has saved the file and the state of its upload.
  window.untilSaved = async (uploadId) => {
    while (!(await isSaved(uploadId))) await new Promise(requestAnimationFrame);
  };
  const isSaved = async (uploadId) => {
    const request = (operation) =>
      new Promise((resolve, reject) => {
        operation.onsuccess = () => resolve(operation.result);
        operation.onerror = () => reject(operation.error);
      });
    const base = await request(indexedDB.open("uppy-blobs"));
    const records = async (store) =>
      base.objectStoreNames.contains(store) ? request(base.transaction(store).objectStore(store).getAll()) : [];
    const [files, states] = await Promise.all([records("files"), records("metadata")]);
    base.close();
    return files.length > 0 && JSON.stringify([states, Object.values(localStorage)]).includes(uploadId);
  };
  // Continues the upload that Golden Retriever restored.
  window.uploadRestored = async () => {
    const uppy = window.make(true, true);
    await new Promise((resolve) => uppy.once("restored", resolve));
    return window.result((resolve) => {
      uppy.once("complete", resolve);
      uppy.emit("restore-confirmed");
    });
  };
  window.upload = () => window.result((resolve, reject) => window.uppy.upload().then(resolve, reject));
  // Runs an upload. Returns its location, or the signer's error and the sentence that Uppy shows.
  window.result = async (begin) => {
    const errors = [];
    const real = window.fetch;
    window.fetch = async (...args) => {
      const response = await real(...args);
      if (!response.ok) errors.push({ status: response.status, ...(await response.clone().json()) });
      return response;
    };
    const result = await new Promise(begin);
    window.fetch = real;
    const { response } = result.successful[0] ?? {};
    const location = response?.uploadURL;
    const shown = result.failed[0]?.error;
    return { key: response?.body?.key ?? location, location, error: errors[0], failed: result.failed.length, shown };
  };
}

/** Waits until a file is clean, and fetches it from the CDN. */
export async function fetchServed(result) {
  const key = keyOf(result);
  const deadline = Date.now() + DEADLINE;
  for (;;) {
    const { state, detail } = await (await fetch(`${EDGE}/uploads/${key.split("/")[1]}?wait=20`)).json();
    if (state === "clean") break;
    assert.equal(state, "pending", detail);
    assert.ok(Date.now() < deadline, `${key} is still pending`);
  }
  const response = await fetch(`${EDGE}/${key.split("/").map(encodeURIComponent).join("/")}`);
  assert.equal(response.status, 200, key);
  return response;
}

/** The key in a result, or in the URL of its object. */
export function keyOf({ key, location }) {
  return key ?? /(files|private)\/.*$/.exec(decodeURIComponent(location.split("?")[0]))[0];
}
