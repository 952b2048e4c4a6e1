// A file is replaced, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emptyLibrary, uploadFile } from "./files.mjs";
import { closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { photosToUpload } from "./photos.mjs";
import { listedFiles, openFile } from "./tiles.mjs";

const { EDGE } = process.env;

let photos;

before(async () => {
  photos = await photosToUpload(await openBrowser(), process.env.PHOTOS);
});

after(closeBrowser);

/** All files of the library. */
async function listing() {
  return (await (await fetch(`${EDGE}/library/files`)).json()).files;
}

/** Opens a new file, whose name and tags are changed. */
async function withFile(use) {
  await emptyLibrary();
  const [photo] = photos;
  const id = await uploadFile("cat.jpg", { type: photo.mimeType, content: photo.buffer });
  const change = { method: "PATCH", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "Minka", tags: ["tabby"] }) };
  assert.equal((await fetch(`${EDGE}/library/files/${id}`, change)).status, 200);
  await onPage(async ({ page }) => {
    await listedFiles(page);
    await use(page, await openFile(page, "Minka"), id);
  });
}

/** Width ÷ height of a picture that isn't uploaded. */
function ratioOf(page, { mimeType, buffer }) {
  return page.evaluate(
    async ({ base64, mimeType }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const { width, height } = await createImageBitmap(new Blob([bytes], { type: mimeType }));
      return width / height;
    },
    { base64: buffer.toString("base64"), mimeType },
  );
}

test("another picture takes the place of a file, and is shown at once", async () => {
  await withFile(async (page, detail, id) => {
    const [, other] = photos;
    const chooser = page.waitForEvent("filechooser");
    await detail.getByRole("button", { name: "Replace" }).click();
    await (await chooser).setFiles({ ...other, name: "other.png" });
    const picture = page.getByRole("dialog", { name: "Minka" }).locator(".frame img");
    await page.waitForFunction(() => document.querySelector("dialog.detail .frame img")?.src.includes("/other.png"));
    await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await picture.elementHandle());
    const ratio = await picture.evaluate(({ naturalWidth, naturalHeight }) => naturalWidth / naturalHeight);
    const shown = await ratioOf(page, other);
    assert.ok(Math.abs(ratio - shown) < 0.02, `${ratio} isn't ${shown}`);
    await screenshot(page, "library-replaced");
    await page.keyboard.press("Escape");
    assert.deepEqual(await page.locator(".tile-name").allTextContents(), ["Minka"]);
    const [file, ...rest] = await listing();
    assert.deepEqual([file.name, file.tags, file.type, rest.length], ["Minka", ["tabby"], other.mimeType, 0]);
    assert.notEqual(file.id, id);
  });
});

test("a file that can't be taken leaves the old one, with a reason", async () => {
  await withFile(async (page, detail, id) => {
    const chooser = page.waitForEvent("filechooser");
    await detail.getByRole("button", { name: "Replace" }).click();
    await (await chooser).setFiles({ name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>no picture</p>") });
    await detail.getByText(/^The file is not replaced\. .*text\/html are not accepted\./).waitFor();
    const [file, ...rest] = await listing();
    assert.deepEqual([file.id, file.name, rest.length], [id, "Minka", 0]);
  });
});
