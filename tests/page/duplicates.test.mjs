// Files that are uploaded twice on the page at `/`, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cardIn, uploadedCard } from "./cards.mjs";
import { emptyLibrary } from "./files.mjs";
import { choose, closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { photosToUpload } from "./photos.mjs";
import { listedFiles, tileOf } from "./tiles.mjs";

let photos;

before(async () => {
  photos = await photosToUpload(await openBrowser(), process.env.PHOTOS);
});

after(closeBrowser);

/** Collects the forms that a page sends to the storage from now on. */
function sentForms(page) {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && !/\/(uploads|library)/.test(request.url())) sent.push(request.url());
  });
  return sent;
}

test("a file that was uploaded before isn't sent again, unless the user wants that", async () => {
  await emptyLibrary();
  await onPage(async ({ page }) => {
    await choose(page, [photos[0]]);
    await uploadedCard(page, photos[0].name);
    await page.reload();
    await tileOf(page, photos[0].name).waitFor();
    const sent = sentForms(page);
    const copy = { ...photos[0], name: `copy-of-${photos[0].name}` };
    await choose(page, [copy]);
    const card = await cardIn(page, copy.name, "duplicate");
    assert.equal(
      await card.locator(".message").textContent(),
      `The same file is in the library already, as ${photos[0].name}. It was not sent again.`,
    );
    assert.deepEqual([sent.length, await listedFiles(page)], [0, 1]);
    await screenshot(page, "duplicate");

    await card.getByRole("button", { name: "Upload again" }).click();
    await uploadedCard(page, copy.name);
    await page.locator(".count", { hasText: "2 files" }).waitFor();
    assert.equal(sent.length, 1);
  });
});

test("a file whose earlier upload was deleted is uploaded", async () => {
  await emptyLibrary();
  await onPage(async ({ page }) => {
    await choose(page, [photos[0]]);
    await uploadedCard(page, photos[0].name);
    await page.locator(".count", { hasText: "1 file" }).waitFor();
    const path = await page.locator(".card a").first().getAttribute("href");
    await emptyLibrary();
    for (const end = Date.now() + 60_000; (await fetch(process.env.EDGE + path)).ok; ) {
      assert.ok(Date.now() < end, "the deleted file is still served");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await page.reload();
    await choose(page, [photos[0]]);
    await uploadedCard(page, photos[0].name);
  });
});

test("duplicates among many files are counted", async () => {
  await emptyLibrary();
  await onPage(async ({ page }) => {
    await choose(page, [photos[0]]);
    await uploadedCard(page, photos[0].name);
    const files = [1, 2, 3, 4].map((number) => ({ ...photos[1], name: `${number}-${photos[1].name}`, buffer: Buffer.concat([photos[1].buffer, Buffer.from([number])]) }));
    await choose(page, [...files, { ...photos[0], name: "again.jpg" }]);
    const batch = page.getByRole("listitem", { name: "Upload of 5 files" });
    await batch.getByText("4 of 5 uploaded, 1 in the library already").waitFor();
    assert.deepEqual(await batch.locator(".card h2").allTextContents(), ["again.jpg"]);
    await screenshot(page, "duplicates");
  });
});
