// Uploads in parts on the page at `/`, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { cardIn, shownPicture, uploadedCard } from "./cards.mjs";
import { choose, closeBrowser, limitUploads, onPage, openBrowser, screenshot } from "./page.mjs";
import { HTML_FILE, photosToUpload } from "./photos.mjs";

let photos;

before(async () => {
  photos = await photosToUpload(await openBrowser(), process.env.PHOTOS);
});

after(closeBrowser);

/** Writes a picture that is uploaded in three parts to the disk, so that the same file can be chosen twice. */
async function withLargeFile(use) {
  const folder = mkdtempSync(path.join(tmpdir(), "page-"));
  const large = path.join(folder, `large-${photos[0].name}`);
  writeFileSync(large, Buffer.concat([photos[0].buffer, Buffer.alloc(20_000_000)]));
  try {
    await use(large, path.basename(large));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Chooses a large file, and pauses its upload after one part. Returns its card, and the URL that lists its parts. */
async function pausedAfterAPart(page, file, name) {
  await limitUploads(page, 6_000_000);
  const begun = page.waitForResponse((response) => response.url().endsWith("/s3/multipart"));
  const sent = page.waitForResponse((response) => response.request().method() === "PUT");
  await choose(page, file);
  const { key, uploadId } = await (await begun).json();
  assert.equal((await sent).status(), 200);
  const card = await cardIn(page, name, "uploading");
  await card.getByRole("button", { name: "Pause" }).click();
  await cardIn(page, name, "paused");
  return { card, parts: `${process.env.EDGE}/s3/multipart/${uploadId}?key=${encodeURIComponent(key)}` };
}

/** Collects the URLs of the parts that a page sends completely from now on. */
function countParts(page) {
  const parts = [];
  page.on("response", (response) => {
    if (response.request().method() === "PUT" && response.ok()) parts.push(response.url());
  });
  return parts;
}

test("a paused upload of a large file continues with the missing parts", async () => {
  await withLargeFile((file, name) =>
    onPage(async ({ page, errors }) => {
      const sent = countParts(page);
      const { card } = await pausedAfterAPart(page, file, name);
      await screenshot(page, "paused");
      await limitUploads(page, -1);
      await card.getByRole("button", { name: "Resume" }).click();
      await shownPicture(await uploadedCard(page, name));
      assert.equal(sent.length, 3);
      assert.equal(await page.evaluate(() => localStorage.getItem("tintype.unfinished")), null);
      assert.deepEqual(errors, []);
    }),
  );
});

test("an upload of a large file continues after a reload when the file is chosen again", async () => {
  await withLargeFile((file, name) =>
    onPage(async ({ page, errors }) => {
      const sent = countParts(page);
      await pausedAfterAPart(page, file, name);
      await page.reload();
      const waiting = await cardIn(page, name, "unfinished");
      assert.match(await waiting.locator(".message").textContent(), /^Not finished\. .* the same file again/);
      await screenshot(page, "unfinished");
      await choose(page, file);
      await uploadedCard(page, name);
      assert.equal(await page.locator(".card").count(), 1);
      assert.equal(sent.length, 3);
      assert.deepEqual(errors, []);
    }),
  );
});

test("cancelling the upload of a large file removes its parts, before and after a reload", async () => {
  await withLargeFile((file, name) =>
    onPage(async ({ page }) => {
      for (const isReloaded of [false, true]) {
        const { parts } = await pausedAfterAPart(page, file, name);
        assert.equal((await (await fetch(parts)).json()).length > 0, true);
        if (isReloaded) await page.reload();
        const card = await cardIn(page, name, isReloaded ? "unfinished" : "paused");
        const deleted = page.waitForResponse((response) => response.request().method() === "DELETE");
        await card.getByRole("button", { name: "Cancel" }).click();
        assert.equal((await deleted).status(), 200);
        assert.equal((await fetch(parts)).status, 404);
        if (!isReloaded) await (await cardIn(page, name, "cancelled")).getByRole("button", { name: "Dismiss" }).click();
        assert.equal(await page.locator(".card").count(), 0);
        assert.equal(await page.evaluate(() => localStorage.length), 0);
      }
    }),
  );
});

test("a large file of a refused type shows the reason", async () => {
  await onPage(async ({ page }) => {
    await choose(page, [{ ...HTML_FILE, buffer: Buffer.alloc(17_000_000, "<p>") }]);
    const refused = await cardIn(page, HTML_FILE.name, "failed");
    assert.match(await refused.locator(".message").textContent(), /^Files of the type text\/html are not accepted/);
  });
});

test("a file that is too large is refused before any of it is sent", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "page-"));
  const film = path.join(folder, "film.mp4");
  try {
    writeFileSync(film, "");
    // A hole: the file takes no space.
    truncateSync(film, 5 * 2 ** 30 + 1);
    await onPage(async ({ page }) => {
      const begun = [];
      page.on("request", (request) => /multipart/.test(request.url()) && begun.push(request.url()));
      await choose(page, film);
      const refused = await cardIn(page, "film.mp4", "failed");
      assert.match(await refused.locator(".message").textContent(), /has 5368709121 bytes, at most 5368709120 are allowed/);
      assert.deepEqual(begun, []);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
