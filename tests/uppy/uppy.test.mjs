import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { close, fetchServed, keyOf, open, withClients, withUppy } from "./uppy.mjs";

const { ALICE, BOB, NAMES, PAST, SMALL } = process.env;
const PART = 5 * 1024 * 1024;

/** The timeout of a test in milliseconds, far above its duration. */
const bounded = { timeout: 180_000 };

before(open);
after(close);

/** Checks that the CDN serves exactly the bytes of a file from the page. */
async function checkContent(page, size, result) {
  assert.equal(result.failed, 0, JSON.stringify(result));
  const [expected, got] = await Promise.all([
    page.evaluate(async (size) => {
      const digest = await crypto.subtle.digest("SHA-256", window.bytesOf(size));
      return Array.from(new Uint8Array(digest));
    }, size),
    fetchServed(result)
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
    const result = await page.evaluate(() => window.upload());
    await checkContent(page, 1024, result);
    assert.equal(result.location, `${process.env.EDGE}/${result.key}`);
  }));

for (const version of [5, 6]) {
  // The names have characters that each way writes differently in a URL.
  for (const parts of [false, true]) {
    const way = parts ? "in parts" : "by a form";
    test(`an upload of Uppy ${version} ${way} completes with the URL that serves it`, bounded, () =>
      withUppy(version, async (page) => {
        await page.evaluate((parts) => window.begin({ name: "é +%😀.mp4", size: 1024, parts, finishes: true }), parts);
        const result = await page.evaluate(() => window.upload());
        assert.equal(result.failed, 0, JSON.stringify(result));
        const { publicUrl } = await (await fetch(`${process.env.EDGE}/uploads/${result.key.split("/")[1]}`)).json();
        assert.equal(result.location, publicUrl);
        // One request: the file is served as soon as the upload is complete.
        const response = await fetch(result.location);
        assert.deepEqual([response.status, (await response.arrayBuffer()).byteLength], [200, 1024]);
      }));

    test(`an upload of Uppy ${version} ${way} fails if the check refuses its file`, bounded, () =>
      withUppy(version, async (page) => {
        const options = { name: "a.png", type: "image/png", size: 1024, parts, finishes: true };
        await page.evaluate((options) => window.begin(options), options);
        const { failed, shown } = await page.evaluate(() => window.upload());
        assert.equal(failed, 1);
        assert.match(shown, /the file's content is video\/mp4/);
      }));
  }

  test(`Uppy ${version} that sends every file in parts gets the URL for viewers without further code`, bounded, () =>
    withUppy(version, async (page) => {
      await page.evaluate(() => window.begin({ name: "a.mp4", size: 1024, parts: true }));
      const result = await page.evaluate(() => window.upload());
      await checkContent(page, 1024, result);
      assert.equal((await fetch(result.location)).status, 200);
    }));

  test(`Uppy ${version} sends 1 KB by a form`, bounded, () =>
    withUppy(version, async (page) => {
      await page.evaluate(() => window.begin({ name: "a.mp4", size: 1024, parts: false }));
      await checkContent(page, 1024, await page.evaluate(() => window.upload()));
    }));

  test(`Uppy ${version} sends 40 MB in parts`, bounded, () =>
    withUppy(version, async (page) => {
      await page.evaluate(() => window.begin({ name: "a.mp4", size: 40_000_000, parts: true }));
      await checkContent(page, 40_000_000, await page.evaluate(() => window.upload()));
    }));

  test(`Uppy ${version} pauses and resumes`, bounded, () =>
    withUppy(version, async (page) => {
      const size = 4 * PART + 1000;
      await page.evaluate((size) => window.begin({ name: "a.mp4", size, parts: true }), size);
      await page.evaluate(() => window.uploadOnePart());
      const result = await page.evaluate(() => {
        window.uppy.resumeAll();
        return window.uploading;
      });
      await checkContent(page, size, result);
    }));

  test(`Uppy ${version} resumes after a reload with the uploaded parts`, bounded, () =>
    withUppy(version, async (page, load) => {
      const size = 4 * PART + 1000;
      await page.evaluate((size) => window.begin({ name: "a.mp4", size, parts: true, survivesReload: true }), size);
      const { key, uploadId } = await page.evaluate(() => window.uploadOnePart());
      await page.evaluate((uploadId) => window.untilSaved(uploadId), uploadId);
      await load();
      const puts = [];
      page.on("request", (request) => request.method() === "PUT" && puts.push(request.url()));
      const result = await page.evaluate(() => window.uploadRestored());
      await checkContent(page, size, result);
      assert.equal(keyOf(result), key);
      assert.ok(puts.length < 5, `a part was sent again: ${puts.length}`);
    }));

  test(`Uppy ${version} cancels and leaves no part`, bounded, () =>
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

  // The caller of these tests compares the names in S3's metadata, which the CDN doesn't show.
  test(`Uppy ${version} sends names of every kind`, bounded, () =>
    withUppy(version, async (page) => {
      const names = ["a b.mp4", "a+b.mp4", "100%.mp4", "é.mp4", "😀.mp4", "$$.mp4", `${"n".repeat(296)}.mp4`];
      for (const parts of [false, true]) {
        for (const name of names) {
          await page.evaluate((options) => window.begin(options), { name, size: 100, parts });
          const result = await page.evaluate(() => window.upload());
          await checkContent(page, 100, result);
          appendFileSync(NAMES, `${JSON.stringify({ key: keyOf(result), name })}\n`);
        }
      }
    }));

  test(`Uppy ${version} shows the reason of a refusal`, bounded, async () => {
    const check = (prefix, options, status, message) =>
      withUppy(
        version,
        async (page) => {
          await page.evaluate((options) => window.begin(options), { name: "a.mp4", size: 100, parts: false, ...options });
          const { error, shown } = await page.evaluate(() => window.upload());
          assert.equal(error?.status, status, JSON.stringify(error));
          assert.match(error.message, message);
          // Version 6 ignores the signer's message and shows the reason phrase of the HTTP status.
          assert.match(shown, version === 5 ? message : /Companion request failed: [A-Z][a-z]+/);
        },
        prefix,
      );
    await check("", { type: "text/html" }, 415, /text\/html are not accepted/);
    await check("", { type: "text/html", parts: true }, 415, /text\/html are not accepted/);
    await check(`/u/${PAST}`, {}, 403, /session has expired/);
    await check(`/u/${PAST}`, { parts: true }, 403, /session has expired/);
    await check("/u/nonsense", {}, 403, /session can't be read/);
    await check(`/u/${SMALL}`, { parts: true, size: 1001 }, 413, /1001 bytes, at most 1000/);
  });

  test(`Uppy ${version} sends no larger form than its session allows`, bounded, () =>
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

  test(`Uppy ${version} can't continue a changed upload or that of another session`, bounded, async () => {
    let upload;
    await withUppy(
      version,
      async (page) => {
        await page.evaluate(() => window.begin({ name: "a.mp4", size: 100, parts: true }));
        const created = page.waitForResponse((response) => response.url().endsWith("/s3/multipart"));
        const result = page.evaluate(() => window.upload());
        upload = await (await created).json();
        await checkContent(page, 100, await result);
      },
      `/u/${ALICE}`,
    );
    const { key, uploadId } = upload;
    const flipped = uploadId.replace(/.(?=.{20}$)/, (letter) => (letter === "A" ? "B" : "A"));
    const check = (session, s3Multipart, message) =>
      withUppy(
        version,
        async (page) => {
          const options = { name: "a.mp4", size: 100, parts: true, s3Multipart };
          await page.evaluate((options) => window.begin(options), options);
          const { error } = await page.evaluate(() => window.upload());
          assert.deepEqual([error?.status, error?.message], [403, message]);
        },
        `/u/${session}`,
      );
    await check(BOB, { key, uploadId }, "uploadId: it is the id of another owner's upload");
    await check(ALICE, { key: `${key}x`, uploadId }, "key: it is not the key of this upload");
    await check(ALICE, { key, uploadId: flipped }, "uploadId: it is not an upload id of this signer");
  });
}

test("better-upload's client sends several files and reports the reason of a refusal", bounded, () =>
  withClients(async (page) => {
    const names = ["a.mp4", "é +%.mp4"];
    const { keys, failed } = await page.evaluate((names) => window.byBetterUpload(names, 1024), names);
    assert.deepEqual([keys.length, failed], [2, 0]);
    for (const key of keys) await checkContent(page, 1024, { key, failed });
    const refused = await page.evaluate(() => window.byBetterUpload(["a.html"], 1024, "text/html"));
    assert.equal(refused.type, "invalid_file_type");
    assert.match(refused.message, /text\/html are not accepted/);
  }));
