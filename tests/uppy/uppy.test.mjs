import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { close, keyOf, open, served, withClients, withUppy } from "./uppy.mjs";

const { ALICE, BOB, NAMES, PAST, SMALL } = process.env;
const PART = 5 * 1024 * 1024;

/** When a test has failed, in milliseconds: far above what any takes. */
const bounded = { timeout: 180_000 };

before(open);
after(close);

/** That the CDN has exactly the bytes of a file made in the page. */
async function checkWhole(page, size, answer) {
  assert.equal(answer.failed, 0, JSON.stringify(answer));
  const [expected, got] = await Promise.all([
    page.evaluate(async (size) => {
      const digest = await crypto.subtle.digest("SHA-256", window.bytesOf(size));
      return Array.from(new Uint8Array(digest));
    }, size),
    served(answer)
      .then((response) => response.arrayBuffer())
      .then((bytes) => crypto.subtle.digest("SHA-256", bytes)),
  ]);
  assert.deepEqual(Array.from(new Uint8Array(got)), expected);
}

test("the uploader of the examples sends a file", bounded, () =>
  withUppy(6, async (page) => {
    await page.evaluate((endpoint) => {
      window.uppy = window.createUploader(endpoint);
      const data = new Blob([window.bytesOf(1024)], { type: "video/mp4" });
      window.fileId = window.uppy.addFile({ name: "a.mp4", type: "video/mp4", data });
    }, process.env.EDGE);
    await checkWhole(page, 1024, await page.evaluate(() => window.upload()));
  }));

for (const version of [5, 6]) {
  test(`Uppy ${version} sends 1 KB by a form`, bounded, () =>
    withUppy(version, async (page) => {
      await page.evaluate(() => window.begin({ name: "a.mp4", size: 1024, parts: false }));
      await checkWhole(page, 1024, await page.evaluate(() => window.upload()));
    }));

  test(`Uppy ${version} sends 40 MB in parts`, bounded, () =>
    withUppy(version, async (page) => {
      await page.evaluate(() => window.begin({ name: "a.mp4", size: 40_000_000, parts: true }));
      await checkWhole(page, 40_000_000, await page.evaluate(() => window.upload()));
    }));

  test(`Uppy ${version} pauses and goes on`, bounded, () =>
    withUppy(version, async (page) => {
      const size = 4 * PART + 1000;
      await page.evaluate((size) => window.begin({ name: "a.mp4", size, parts: true }), size);
      await page.evaluate(() => window.uploadOnePart());
      const answer = await page.evaluate(() => {
        window.uppy.resumeAll();
        return window.uploading;
      });
      await checkWhole(page, size, answer);
    }));

  test(`Uppy ${version} goes on after a reload with the parts that are there`, bounded, () =>
    withUppy(version, async (page, load) => {
      const size = 4 * PART + 1000;
      await page.evaluate((size) => window.begin({ name: "a.mp4", size, parts: true, isKept: true }), size);
      const { key, uploadId } = await page.evaluate(() => window.uploadOnePart());
      await page.evaluate((uploadId) => window.untilKept(uploadId), uploadId);
      await load();
      const puts = [];
      page.on("request", (request) => request.method() === "PUT" && puts.push(request.url()));
      const answer = await page.evaluate(() => window.uploadRestored());
      await checkWhole(page, size, answer);
      assert.equal(keyOf(answer), key);
      assert.ok(puts.length < 5, `a part was sent again: ${puts.length}`);
    }));

  test(`Uppy ${version} cancels, and no part is left`, bounded, () =>
    withUppy(version, async (page) => {
      await page.evaluate((size) => window.begin({ name: "a.mp4", size, parts: true }), 3 * PART);
      const deleted = page.waitForResponse((response) => response.request().method() === "DELETE");
      await page.evaluate(() => {
        window.uppy.once("s3-multipart:part-uploaded", () => window.uppy.cancelAll());
        window.uppy.upload();
      });
      assert.equal((await deleted).status(), 200);
      const list = (await deleted).url();
      const response = await fetch(list);
      assert.equal(response.status, 404);
      assert.equal((await response.json()).error, "not-found");
    }));

  // What S3 keeps of each is compared by who runs these tests: the CDN doesn't show it.
  test(`Uppy ${version} tells names of every kind`, bounded, () =>
    withUppy(version, async (page) => {
      const names = ["a b.mp4", "a+b.mp4", "100%.mp4", "é.mp4", "😀.mp4", "$$.mp4", `${"n".repeat(296)}.mp4`];
      for (const parts of [false, true]) {
        for (const name of names) {
          await page.evaluate((options) => window.begin(options), { name, size: 100, parts });
          const answer = await page.evaluate(() => window.upload());
          await checkWhole(page, 100, answer);
          appendFileSync(NAMES, `${JSON.stringify({ key: keyOf(answer), name })}\n`);
        }
      }
    }));

  test(`Uppy ${version} is told in words why it may not`, bounded, async () => {
    const check = (prefix, options, status, words) =>
      withUppy(
        version,
        async (page) => {
          await page.evaluate((options) => window.begin(options), { name: "a.mp4", size: 100, parts: false, ...options });
          const { refused, shown } = await page.evaluate(() => window.upload());
          assert.equal(refused?.status, status, JSON.stringify(refused));
          assert.match(refused.message, words);
          // Version 6 passes over what the signer says and shows HTTP's words for the status.
          assert.match(shown, version === 5 ? words : /Companion request failed: [A-Z][a-z]+/);
        },
        prefix,
      );
    await check("", { type: "text/html" }, 415, /text\/html are not taken/);
    await check("", { type: "text/html", parts: true }, 415, /text\/html are not taken/);
    await check(`/u/${PAST}`, {}, 403, /session has expired/);
    await check(`/u/${PAST}`, { parts: true }, 403, /session has expired/);
    await check("/u/nonsense", {}, 403, /session can't be read/);
    await check(`/u/${SMALL}`, { parts: true, size: 1001 }, 413, /1001 bytes, at most 1000/);
  });

  test(`Uppy ${version} sends no more by a form than its session allows`, bounded, () =>
    withUppy(
      version,
      async (page) => {
        for (const [size, failed] of [
          [1001, 1],
          [1000, 0],
        ]) {
          await page.evaluate((size) => window.begin({ name: "a.mp4", size, parts: false }), size);
          assert.equal((await page.evaluate(() => window.upload())).failed, failed, `${size}`);
        }
      },
      `/u/${SMALL}`,
    ));

  test(`Uppy ${version} can't go on with a changed upload or another session's`, bounded, async () => {
    let begun;
    await withUppy(
      version,
      async (page) => {
        await page.evaluate(() => window.begin({ name: "a.mp4", size: 100, parts: true }));
        const created = page.waitForResponse((response) => response.url().endsWith("/s3/multipart"));
        const answer = page.evaluate(() => window.upload());
        begun = await (await created).json();
        await checkWhole(page, 100, await answer);
      },
      `/u/${ALICE}`,
    );
    const { key, uploadId } = begun;
    const flipped = uploadId.replace(/.(?=.{20}$)/, (letter) => (letter === "A" ? "B" : "A"));
    const check = (session, s3Multipart, message) =>
      withUppy(
        version,
        async (page) => {
          const options = { name: "a.mp4", size: 100, parts: true, s3Multipart };
          await page.evaluate((options) => window.begin(options), options);
          const { refused } = await page.evaluate(() => window.upload());
          assert.deepEqual([refused?.status, refused?.message], [403, message]);
        },
        `/u/${session}`,
      );
    await check(BOB, { key, uploadId }, "uploadId: it is another's upload");
    await check(ALICE, { key: `${key}x`, uploadId }, "key: it is not the key of this upload");
    await check(ALICE, { key, uploadId: flipped }, "uploadId: it is no upload id of this signer");
  });
}

test("better-upload's client sends several files, and is told in words why it may not", bounded, () =>
  withClients(async (page) => {
    const names = ["a.mp4", "é +%.mp4"];
    const { keys, failed } = await page.evaluate((names) => window.byBetterUpload(names, 1024), names);
    assert.deepEqual([keys.length, failed], [2, 0]);
    for (const key of keys) await checkWhole(page, 1024, { key, failed });
    const refused = await page.evaluate(() => window.byBetterUpload(["a.html"], 1024, "text/html"));
    assert.equal(refused.type, "invalid_file_type");
    assert.match(refused.message, /text\/html are not taken/);
  }));
