// The views of the library on the page at `/`, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emptyLibrary, uploadFile } from "./files.mjs";
import { closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { photosToUpload } from "./photos.mjs";
import { listedFiles, selectedNames, tileOf } from "./tiles.mjs";

const { EDGE } = process.env;

let photo;

before(async () => {
  [photo] = await photosToUpload(await openBrowser(), process.env.PHOTOS);
});

after(closeBrowser);

const upload = (name, file) => uploadFile(name, { type: photo.mimeType, content: photo.buffer, ...file });

test("a list has a row for each file, with its facts in columns", async () => {
  await emptyLibrary();
  for (const name of ["first.jpg", "second.jpg"]) await upload(name);
  await upload("broken.mp4", { type: "video/mp4", content: "not a video" });
  const { files } = await (await fetch(`${EDGE}/library/files`)).json();
  const second = files.find(({ name }) => name === "second.jpg");
  const change = { method: "PATCH", headers: { "content-type": "application/json" }, body: JSON.stringify({ folder: "press", tags: ["cat"] }) };
  assert.equal((await fetch(`${EDGE}/library/files/${second.id}`, change)).status, 200);
  await onPage(async ({ page, errors }) => {
    await listedFiles(page);
    await page.getByLabel("View").selectOption("List");
    const row = tileOf(page, "second.jpg");
    const cell = (name) => row.locator(`.cell.${name}`).textContent();
    assert.deepEqual(
      [await cell("type"), await cell("size"), await cell("folder")],
      ["JPEG", `${second.width}\u00a0×\u00a0${second.height}`, "press #cat"],
    );
    assert.match(await cell("created"), /20\d\d/);
    assert.match(await tileOf(page, "broken.mp4").locator(".cell.state").textContent(), /^Refused$/);
    const image = row.locator("img");
    await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await image.elementHandle());
    const boxes = await Promise.all((await page.locator(".tile").all()).map((tile) => tile.boundingBox()));
    const { width } = await page.locator(".canvas").boundingBox();
    for (const [index, box] of boxes.entries()) {
      assert.ok(Math.abs(box.width - width) < 1 && Math.abs(box.y - boxes[0].y - 60 * index) < 1, JSON.stringify(boxes));
    }
    await screenshot(page, "library-list");

    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    assert.deepEqual(await selectedNames(page), ["second.jpg"]);
    await row.locator(".tick").click();
    assert.deepEqual(await selectedNames(page), []);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "second.jpg" }).waitFor();
    await page.keyboard.press("Escape");
    for (const width of [320, 640, 1000, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(needed <= width, `at ${width} px the page is ${needed} px wide`);
      const name = await row.locator(".tile-name").boundingBox();
      assert.ok(name.width >= 80, `at ${width} px the name has ${name.width} px`);
      await screenshot(page, `library-list-${width}`);
    }
    await page.getByLabel("View").selectOption("Large tiles");
    assert.ok((await row.boundingBox()).height > 224);
    assert.deepEqual(errors, []);
  });
});

test("nothing shines through a transparent picture", async () => {
  await emptyLibrary();
  await onPage(async ({ page, errors }) => {
    const drawing = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 200, height: 200 });
      const context = canvas.getContext("2d");
      context.fillStyle = "teal";
      context.fillRect(0, 0, 200, 40);
      return canvas.toDataURL("image/png").split(",")[1];
    });
    await upload("icon.png", { type: "image/png", content: Buffer.from(drawing, "base64") });
    for (const view of ["Medium tiles", "List", "Small tiles"]) {
      await page.getByLabel("View").selectOption(view);
      const picture = tileOf(page, "icon.png").locator(".tile-picture");
      await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await picture.locator("img").elementHandle());
      await page.waitForFunction((picture) => picture.textContent === "", await picture.elementHandle());
      assert.equal(await picture.evaluate((element) => getComputedStyle(element).backgroundImage), "none", view);
      await screenshot(page, `library-transparent-${view.split(" ")[0]}`);
    }
    assert.deepEqual(errors, []);
  });
});
