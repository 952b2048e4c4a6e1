// A file is replaced, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emptyLibrary, uploadFile } from "./files.mjs";
import { closeBrowser, limitUploads, onPage, openBrowser, screenshot } from "./page.mjs";
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

/** Chooses a file in place of the open one, waits until it is being sent, and cancels. Returns what the page says then. */
async function cancelled(page, detail, file) {
  const chooser = page.waitForEvent("filechooser");
  await detail.getByRole("button", { name: "Replace" }).press("Enter");
  await (await chooser).setFiles(file);
  const progress = detail.getByRole("progressbar", { name: "Sending of the new file" });
  await page.waitForFunction((progress) => progress.value > 0, await progress.elementHandle());
  await screenshot(page, "library-replacing");
  // The button has the focus: the keyboard is enough.
  await page.keyboard.press("Enter");
  await detail.getByText("Cancelled. The file is not replaced.").waitFor();
  assert.equal(await progress.isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Replace");
}

for (const [size, name] of [[2_000_000, "one form"], [20_000_000, "parts"]]) {
  test(`sending the new file in ${name} is cancelled, and the old one stays`, async () => {
    await withFile(async (page, detail, id) => {
      const [, other] = photos;
      await limitUploads(page, size / 10);
      await cancelled(page, detail, { ...other, name: "other.png", buffer: Buffer.concat([other.buffer, Buffer.alloc(size)]) });
      await limitUploads(page, -1);
      assert.equal(await page.evaluate(() => localStorage.getItem("tintype.unfinished")), null);

      // Then another file can take its place.
      const chooser = page.waitForEvent("filechooser");
      await detail.getByRole("button", { name: "Replace" }).click();
      await (await chooser).setFiles({ ...other, name: "third.png" });
      await page.waitForFunction(() => document.querySelector("dialog.detail .frame img")?.src.includes("/third.png"));
      const [file, ...rest] = await listing();
      assert.deepEqual([file.name, rest.length], ["Minka", 0]);
      assert.notEqual(file.id, id);
    });
  });
}

test("a new file that is cancelled while it is being checked doesn't stay in the library", async () => {
  await withFile(async (page, detail, id) => {
    const [, other] = photos;
    // The answer about the check comes after the cancellation.
    await page.route("**/uploads/*?wait=*", () => {}, { times: 1 });
    const chooser = page.waitForEvent("filechooser");
    await detail.getByRole("button", { name: "Replace" }).click();
    await (await chooser).setFiles({ ...other, name: "other.png" });
    await detail.getByText("The new file is being checked.").waitFor();
    const deleted = page.waitForResponse((response) => response.url().endsWith("/library/deletions"));
    await detail.getByRole("button", { name: "Cancel" }).click();
    await detail.getByText("Cancelled. The file is not replaced.").waitFor();
    assert.equal((await deleted).status(), 200);
    assert.deepEqual((await listing()).map((file) => file.id), [id]);
  });
});
