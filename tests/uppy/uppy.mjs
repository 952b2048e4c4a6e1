import assert from "node:assert/strict";
import http from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const { EDGE, CHROMIUM = "/usr/bin/chromium" } = process.env;

/** How long anything may take before the test gives up, in milliseconds. */
const PATIENCE = 60_000;

/** The options that tell Uppy of each version where the signer is; nothing else is set. */
const ENDPOINT = { 5: "endpoint", 6: "companionEndpoint" };

let browser;
let server;

/** A page of another origin than the stack's for each version of Uppy and for the other clients. */
export async function open() {
  assert.ok(EDGE, "EDGE must be the address of a running local stack, such as http://127.0.0.1:8080");
  const bundles = {};
  for (const name of [5, 6, "clients"]) {
    const entryPoints = [fileURLToPath(new URL(`${name}/bundle.mjs`, import.meta.url))];
    // Files of examples/ have no packages beside them.
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

/** Opens a page with Uppy of a version, which asks the signer at `prefix` of the stack. */
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
    page.setDefaultTimeout(PATIENCE);
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
  // Different bytes at each place, so that parts in a wrong order are noticed; the first are those of an MP4.
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
  window.make = (parts, isKept) => {
    const uppy = new window.Uppy();
    uppy.use(window.AwsS3, { [option]: endpoint, shouldUseMultipart: parts, retryDelays: [] });
    if (isKept) uppy.use(window.GoldenRetriever, { indexedDB: { maxFileSize: 2 ** 26 } });
    window.uppy = uppy;
    return uppy;
  };
  window.begin = ({ name, size, type = "video/mp4", parts, isKept, s3Multipart }) => {
    const uppy = window.make(parts, isKept);
    window.fileId = uppy.addFile({ name, type, data: new Blob([window.bytesOf(size)], { type }) });
    if (s3Multipart) uppy.setFileState(window.fileId, { s3Multipart });
  };
  // Runs until a part is there, and pauses; S3's key and the upload's id.
  window.uploadOnePart = () =>
    new Promise((resolve) => {
      window.uppy.once("s3-multipart:part-uploaded", () => {
        window.uppy.pauseAll();
        const { key, uploadId } = window.uppy.getFile(window.fileId).s3Multipart;
        resolve({ key, uploadId });
      });
      window.uploading = window.upload();
    });
  // Waits until Golden Retriever has kept both the file and where its upload stands.
  window.untilKept = async (uploadId) => {
    while (!(await isKept(uploadId))) await new Promise(requestAnimationFrame);
  };
  const isKept = async (uploadId) => {
    const request = (begun) =>
      new Promise((resolve, reject) => {
        begun.onsuccess = () => resolve(begun.result);
        begun.onerror = () => reject(begun.error);
      });
    const base = await request(indexedDB.open("uppy-blobs"));
    const records = async (store) =>
      base.objectStoreNames.contains(store) ? request(base.transaction(store).objectStore(store).getAll()) : [];
    const [files, states] = await Promise.all([records("files"), records("metadata")]);
    base.close();
    return files.length > 0 && JSON.stringify([states, Object.values(localStorage)]).includes(uploadId);
  };
  // What Golden Retriever brought back, gone on with.
  window.uploadRestored = async () => {
    const uppy = window.make(true, true);
    await new Promise((resolve) => uppy.once("restored", resolve));
    return window.outcome((resolve) => {
      uppy.once("complete", resolve);
      uppy.emit("restore-confirmed");
    });
  };
  window.upload = () => window.outcome((resolve, reject) => window.uppy.upload().then(resolve, reject));
  // What became of an upload: where it is, or what the signer said, and the sentence that Uppy shows.
  window.outcome = async (begin) => {
    const answered = [];
    const real = window.fetch;
    window.fetch = async (...args) => {
      const response = await real(...args);
      if (!response.ok) answered.push({ status: response.status, ...(await response.clone().json()) });
      return response;
    };
    const result = await new Promise(begin);
    window.fetch = real;
    const { response } = result.successful[0] ?? {};
    const location = response?.uploadURL;
    const shown = result.failed[0]?.error;
    return { key: response?.body?.key ?? location, location, refused: answered[0], failed: result.failed.length, shown };
  };
}

/** The file of an answer as the CDN serves it, once it has been checked. */
export async function served(answer) {
  const key = keyOf(answer);
  const until = Date.now() + PATIENCE;
  for (;;) {
    const { state, detail } = await (await fetch(`${EDGE}/uploads/${key.split("/")[1]}`)).json();
    if (state === "clean") break;
    assert.equal(state, "pending", detail);
    assert.ok(Date.now() < until, `${key} is still pending`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const response = await fetch(`${EDGE}/${key.split("/").map(encodeURIComponent).join("/")}`);
  assert.equal(response.status, 200, key);
  return response;
}

/** The key of an answer: as it says, else as the object's URL does. */
export function keyOf({ key, location }) {
  return key ?? /(files|private)\/.*$/.exec(decodeURIComponent(location.split("?")[0]))[0];
}
