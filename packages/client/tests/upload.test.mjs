// Uploads from Node.js to the stack at EDGE. Browsers are in ../../tests/browser.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { imageUrl } from "@tintype/client";
import { sessionToken, signedUrl } from "@tintype/client/sign";
import { checkedUpload, startUpload, TintypeError } from "@tintype/client/upload";
import { bmp, png } from "../../tests/pictures.mjs";

const { EDGE, TINTYPE_LINK_SECRET, TINTYPE_SESSION_SECRET } = process.env;
assert.ok(EDGE, "EDGE must be the address of a running local stack, such as http://127.0.0.1:8080");

const PART = 5 * 2 ** 20;

/** A picture of three parts, of which the last one is small. */
const large = new Blob([bmp(2048, 1710)], { type: "image/bmp" });
assert.equal(Math.ceil(large.size / PART), 3);

const picture = (type = "image/png") => new Blob([png(64, 48)], { type });

/** Starts an upload and records its states and its progress. */
function recorded(file, options) {
  const states = [];
  const progress = [];
  const upload = startUpload(file, {
    endpoint: EDGE,
    retryDelays: [],
    onState: (state) => states.push(state),
    onProgress: ({ sent, total }) => progress.push([sent, total]),
    ...options,
  });
  return { upload, states, progress };
}

/** Runs an action with another `fetch`, which gets the real one. */
async function withFetch(fake, action) {
  const real = globalThis.fetch;
  globalThis.fetch = (url, init) => fake(real, String(url), init ?? {});
  try {
    return await action();
  } finally {
    globalThis.fetch = real;
  }
}

test("a small file is sent in a form, and is served when the upload has finished", async () => {
  const file = picture();
  const { upload, states, progress } = recorded(file, { filename: "ä cat.png", metadata: { album: "7" } });
  assert.equal(upload.inParts, false);
  const { url, id, key, type, size, width, height } = await upload.finished;
  assert.deepEqual([type, size, width, height], ["image/png", file.size, 64, 48]);
  assert.equal(key.split("/")[1], id);
  const response = await fetch(url);
  assert.equal(response.status, 200);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from(await file.arrayBuffer()));
  assert.equal((await fetch(imageUrl(url, { w: 32 }))).status, 200);
  assert.deepEqual(states, ["checking", "clean"]);
  assert.deepEqual(progress.at(-1), [file.size, file.size]);
});

test("a large file is sent in parts", async () => {
  const { upload, progress } = recorded(large, { filename: "large.bmp", visibility: "public", maxFormBytes: 2 ** 20, partBytes: PART });
  assert.equal(upload.inParts, true);
  const { url, size } = await upload.finished;
  assert.equal(size, large.size);
  const served = Buffer.from(await (await fetch(url)).arrayBuffer());
  assert.ok(served.equals(Buffer.from(await large.arrayBuffer())));
  assert.deepEqual(progress, [...progress].sort(([a], [b]) => a - b));
});

test("a temporary failure is repeated, and another one isn't", async () => {
  const failing = (times, answer) => {
    let asked = 0;
    const fake = (real, url, init) => {
      const isPost = init.method === "POST" && url.endsWith("/uploads");
      if (isPost && (asked += 1) <= times) return answer();
      return real(url, init);
    };
    return { fake, asked: () => asked };
  };
  const busy = failing(2, async () => new Response("{}", { status: 503 }));
  await withFetch(busy.fake, () => recorded(picture(), { retryDelays: [0, 0] }).upload.finished);
  assert.equal(busy.asked(), 3);
  const broken = failing(3, () => Promise.reject(new TypeError("fetch failed")));
  const { upload, states } = await withFetch(broken.fake, async () => {
    const started = recorded(picture(), { retryDelays: [0, 0] });
    await assert.rejects(started.upload.finished, /can't be reached/);
    return started;
  });
  assert.deepEqual([broken.asked(), upload.state, states], [3, "failed", ["failed"]]);
  const denied = failing(1, async () => new Response('{"detail":"no"}', { status: 403 }));
  await withFetch(denied.fake, () => assert.rejects(recorded(picture(), { retryDelays: [0] }).upload.finished, /^TintypeError: no$/));
});

test("the reason of a refused request or file is the sentence of the error", async () => {
  const html = new Blob(["<p>no picture</p>"], { type: "text/html" });
  await assert.rejects(recorded(html, { filename: "a.html" }).upload.finished, (error) => {
    assert.ok(error instanceof TintypeError);
    assert.equal(error.status, 415);
    assert.ok(error.allowed.includes("image/*") || error.allowed.length > 0, String(error.allowed));
    return true;
  });
  const { upload, states } = recorded(new Blob(["<p>no picture</p>"], { type: "image/png" }), { filename: "a.png" });
  await assert.rejects(upload.finished, { name: "TintypeError", code: "other-content", message: /the file's content is/ });
  assert.deepEqual(states, ["checking", "failed"]);
  await assert.rejects(checkedUpload({ endpoint: EDGE }, "0190163d-8694-739b-aea5-966c26f8ad91"), { status: 404 });
});

test("a private file of a session is read by a signed link", async () => {
  const token = await sessionToken(TINTYPE_SESSION_SECRET, "alice", { maxBytes: 10_000 });
  const endpoint = `${EDGE}/u/${token}/`;
  const { url } = await recorded(picture(), { endpoint, visibility: "private" }).upload.finished;
  assert.equal((await fetch(url)).status, 403);
  assert.equal((await fetch(await signedUrl(TINTYPE_LINK_SECRET, `${url}?w=33&blur=20&bg=navy`))).status, 200);
  const tooLarge = new Blob([bmp(64, 64)], { type: "image/bmp" });
  await assert.rejects(recorded(tooLarge, { endpoint }).upload.finished, { status: 413 });
});

test("a pause keeps the stored parts, and a canceled upload leaves none", async () => {
  const puts = [];
  let isPaused = false;
  const fake = async (real, url, init) => {
    if (init.method !== "PUT") return real(url, init);
    const number = Number(new URL(url).searchParams.get("partNumber"));
    // The upload is paused while only the first part is stored.
    if (number > 1 && !isPaused) {
      return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
    }
    const response = await real(url, init);
    puts.push(number);
    return response;
  };
  const start = () => {
    const begun = recorded(large, {
      maxFormBytes: 0,
      partBytes: PART,
      onProgress: ({ sent }) => {
        if (sent < PART || isPaused) return;
        // The entity tag is noted after the progress.
        setTimeout(() => {
          begun.upload.pause();
          isPaused = true;
          reached();
        });
      },
    });
    let reached;
    const paused = new Promise((resolve) => (reached = resolve));
    return { ...begun, paused };
  };
  await withFetch(fake, async () => {
    const { upload, states, paused } = start();
    await paused;
    assert.equal(upload.state, "paused");
    upload.resume();
    const { url } = await upload.finished;
    assert.deepEqual([...puts].sort(), [1, 2, 3]);
    assert.deepEqual(states, ["paused", "sending", "checking", "clean"]);
    assert.equal(Number((await fetch(url, { method: "HEAD" })).headers.get("content-length")), large.size);
  });
  isPaused = false;
  let address;
  const noting = (real, url, init) => {
    address = init.method === "GET" ? (/^(.*\/s3\/multipart\/[^/]+)\/1(\?key=.*)$/.exec(url)?.slice(1).join("") ?? address) : address;
    return fake(real, url, init);
  };
  await withFetch(noting, async () => {
    const { upload, paused } = start();
    await paused;
    await upload.cancel();
    await assert.rejects(upload.finished, { name: "AbortError" });
    assert.equal(upload.state, "canceled");
  });
  assert.equal((await fetch(address)).status, 404);
});

test("a signal ends the upload with its reason", async () => {
  const reason = new Error("left the page");
  await assert.rejects(recorded(picture(), { signal: AbortSignal.abort(reason) }).upload.finished, reason);
  const controller = new AbortController();
  const { upload, states } = recorded(picture(), { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(upload.finished, reason);
  assert.deepEqual(states, ["canceled"]);
});

test("an upload in parts continues with the same file in another visit", async () => {
  const entries = new Map();
  const storage = {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => entries.set(key, value),
    removeItem: (key) => entries.delete(key),
  };
  const options = { filename: "a.bmp", maxFormBytes: 0, partBytes: PART, storage };
  const puts = [];
  let stored;
  const firstPart = new Promise((resolve) => (stored = resolve));
  // In the first visit only the first part arrives.
  const fake = (isFirst) => async (real, url, init) => {
    const number = Number(new URL(url).searchParams.get("partNumber"));
    if (init.method !== "PUT") return real(url, init);
    if (number > 1 && isFirst) {
      await firstPart;
      throw new TypeError("fetch failed");
    }
    const response = await real(url, init);
    puts.push(number);
    stored();
    return response;
  };
  await withFetch(fake(true), () => assert.rejects(recorded(large, options).upload.finished, /can't be reached/));
  assert.deepEqual([puts, entries.size], [[1], 1]);
  await withFetch(fake(false), () => recorded(large, options).upload.finished);
  assert.deepEqual([...puts].sort(), [1, 2, 3]);
  assert.equal(entries.size, 0);
});
