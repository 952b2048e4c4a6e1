// The samples of an empty library on the page at `/`, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { uploadedCard } from "./cards.mjs";
import { emptyLibrary } from "./files.mjs";
import { closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { listedFiles, tileOf } from "./tiles.mjs";

const { EDGE } = process.env;

before(openBrowser);

after(closeBrowser);

/** The bytes, the size and the number of different colours of the picture at a URL. */
function pictureAt(page, url) {
  return page.evaluate(async (url) => {
    const blob = await (await fetch(url)).blob();
    const { width, height } = await createImageBitmap(blob);
    const context = new OffscreenCanvas(64, 64).getContext("2d");
    context.drawImage(await createImageBitmap(blob), 0, 0, 64, 64);
    const colors = new Set(new Uint32Array(context.getImageData(0, 0, 64, 64).data.buffer));
    const corner = context.getImageData(0, 0, 1, 1).data[3];
    return { bytes: blob.size, width, height, colors: colors.size, corner };
  }, url);
}

test("an empty library offers samples, which are uploaded as other files are", async () => {
  await emptyLibrary();
  await onPage(async ({ page, errors }) => {
    const samples = page.locator(".sample");
    await samples.nth(2).waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll(".sample img")].every(({ naturalWidth }) => naturalWidth > 0));
    assert.deepEqual(await samples.allTextContents(), ["Photo", "With transparency", "Vector drawing"]);
    await screenshot(page, "samples");
    await page.emulateMedia({ colorScheme: "dark" });
    await screenshot(page, "samples-dark");
    for (const width of [320, 640]) {
      await page.setViewportSize({ width, height: 800 });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(needed <= width, `at ${width} px the page is ${needed} px wide`);
      await screenshot(page, `samples-${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });

    await page.getByRole("button", { name: "Photo" }).press("Enter");
    const card = await uploadedCard(page, "hills.jpg");
    const original = await card.getByRole("link", { name: "Original" }).getAttribute("href");
    const photo = await pictureAt(page, original);
    assert.deepEqual([photo.width, photo.height], [1800, 1200]);
    assert.ok(photo.colors > 1000, `a photo has more than ${photo.colors} colours`);
    assert.ok(photo.bytes > 100_000 && photo.bytes < 2_000_000, `${photo.bytes} bytes`);
    await tileOf(page, "hills.jpg").locator("img").waitFor();
    assert.equal(await page.locator(".welcome").isVisible(), false);
    // Who has pressed a button that is gone goes on in the grid.
    assert.equal(await page.evaluate(() => document.activeElement.className), "grid");
    await page.getByLabel("Search the library").fill("nothing like that");
    await page.getByText("No file matches.").waitFor();
    assert.equal(await page.locator(".welcome").isVisible(), false);
    assert.deepEqual(errors, []);
  });
});

test("all samples are uploaded at once, and their variants are what they should be", async () => {
  await emptyLibrary();
  await onPage(async ({ page, errors }) => {
    await page.getByRole("button", { name: "All of them" }).click();
    for (const name of ["hills.jpg", "star.png", "poster.svg"]) await uploadedCard(page, name);
    assert.equal(await listedFiles(page), 3);
    const { files } = await (await fetch(`${EDGE}/library/files`)).json();
    const urlOf = (name) => files.find((file) => file.name === name).url;
    const star = await pictureAt(page, `${urlOf("star.png")}?w=256`);
    assert.deepEqual([star.width, star.corner], [256, 0]);
    const poster = await pictureAt(page, `${urlOf("poster.svg")}?w=256&fm=png`);
    assert.equal(poster.width, 256);
    assert.ok(poster.colors >= 4, `${poster.colors} colours`);
    assert.deepEqual(errors, []);
  });
});

test("the documents that an empty library names can be read", async () => {
  await emptyLibrary();
  await onPage(async ({ page }) => {
    for (const [name, title] of [["the image API", /^# The image API/], ["this page and its API", /^# The library/]]) {
      const link = page.getByRole("link", { name });
      const response = await fetch(EDGE + (await link.getAttribute("href")));
      assert.equal(response.status, 200);
      assert.match(response.headers.get("content-type"), /^text\/plain/);
      assert.match(await response.text(), title);
    }
  });
});
