// The library on the page at `/`, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { emptyLibrary, uploadFile } from "./files.mjs";
import { closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { photosToUpload } from "./photos.mjs";
import { listedFiles, openFile, selectedNames, tileOf } from "./tiles.mjs";

const { EDGE } = process.env;

/** The requests by which the page finds out what is new. */
const RECENT = "**/library/files?limit=100";

let photo;

before(async () => {
  [photo] = await photosToUpload(await openBrowser(), process.env.PHOTOS);
});

after(closeBrowser);

const upload = (name, file) => uploadFile(name, { type: photo.mimeType, content: photo.buffer, ...file });

/** The names of all files. */
async function listing() {
  const { files } = await (await fetch(`${EDGE}/library/files`)).json();
  return files.map(({ name }) => name);
}

test("an empty library says what to do, and shows what another browser uploads", async () => {
  await emptyLibrary();
  await onPage(async ({ page, errors }) => {
    await page.getByText("The library is empty.").waitFor();
    await screenshot(page, "library-empty");
    await upload("from-elsewhere.jpg");
    const image = tileOf(page, "from-elsewhere.jpg").locator("img");
    await image.waitFor();
    await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await image.elementHandle());
    assert.equal(await listedFiles(page), 1);
    assert.deepEqual(errors, []);
  });
});

test("files are found by name, tag and type, and sorted", async () => {
  await emptyLibrary();
  for (const name of ["beach-2.jpg", "beach-10.jpg", "forest.jpg"]) await upload(name);
  await upload("broken.mp4", { type: "video/mp4", content: "not a video" });
  await upload("secret.jpg", { visibility: "private" });
  await onPage(async ({ page, errors }) => {
    const names = () => page.locator(".tile-name").allTextContents();
    assert.equal(await listedFiles(page), 5);
    assert.deepEqual(await names(), ["secret.jpg", "broken.mp4", "forest.jpg", "beach-10.jpg", "beach-2.jpg"]);
    await page.getByLabel("Order").selectOption("By name");
    assert.deepEqual(await names(), ["beach-2.jpg", "beach-10.jpg", "broken.mp4", "forest.jpg", "secret.jpg"]);
    await page.getByLabel("Search the library").fill("BEACH 10");
    assert.deepEqual(await names(), ["beach-10.jpg"]);
    assert.equal(await page.locator(".count").textContent(), "1 of 5 files");
    await page.getByLabel("Search the library").fill("");
    await page.getByLabel("Type").selectOption("Videos");
    assert.deepEqual(await names(), ["broken.mp4"]);
    assert.match(await page.locator(".tile-facts").textContent(), /^Refused/);
    await page.getByLabel("Search the library").fill("beach");
    await page.getByText("No file matches.").waitFor();
    await screenshot(page, "library-no-match");
    await page.getByLabel("Type").selectOption("All types");
    await page.getByLabel("Search the library").fill("");
    await tileOf(page, "forest.jpg").locator("img").waitFor();
    await screenshot(page, "library");
    await page.emulateMedia({ colorScheme: "dark" });
    await screenshot(page, "library-dark");
    const opened = page.waitForEvent("popup");
    const secret = await openFile(page, "secret.jpg");
    await secret.getByRole("button", { name: "Open it by a link for an hour" }).click();
    const link = await opened;
    await link.waitForURL(/secret\.jpg\?/);
    assert.equal((await fetch(link.url())).status, 200);
    assert.deepEqual(errors, []);
  });
});

test("a file gets a name, a text and tags, and is copied in four forms", async () => {
  await emptyLibrary();
  const id = await upload("cat.jpg");
  await onPage(async ({ page, errors }) => {
    const detail = await openFile(page, "cat.jpg");
    for (const [label, text] of [
      ["Name", "Minka"],
      ["Alternative text", 'A "tabby" on a mat'],
      ["Tags", "tabby, Cat"],
    ]) {
      const saved = page.waitForResponse((response) => response.request().method() === "PATCH");
      await detail.getByLabel(label, { exact: true }).fill(text);
      await page.keyboard.press("Tab");
      assert.equal((await saved).status(), 200);
    }
    const copied = (name) => detail.getByLabel(`${name} of the file`, { exact: true }).textContent();
    const url = `${EDGE}/files/${id}/cat.jpg`;
    await page.waitForFunction(() => document.querySelector(".detail h2").textContent === "Minka");
    assert.equal(await copied("URL"), url);
    assert.equal(await copied("Markdown"), `![A "tabby" on a mat](<${url}?w=1080>)`);
    const markup = await copied("<img srcset>");
    const shown = await page.evaluate((markup) => {
      const image = new DOMParser().parseFromString(markup, "text/html").querySelector("img");
      return { alt: image.alt, src: image.src, candidates: image.srcset.split(", "), width: image.width };
    }, markup);
    assert.equal(shown.alt, 'A "tabby" on a mat');
    assert.equal(shown.src, `${url}?w=1080`);
    for (const candidate of shown.candidates) assert.equal((await fetch(candidate.split(" ")[0])).status, 200, candidate);
    assert.match(await copied("React"), /srcSet="http/);
    await screenshot(page, "library-detail");
    await detail.getByLabel("Name", { exact: true }).fill("a/b");
    await page.keyboard.press("Tab");
    await detail.getByText(/without slashes/).waitFor();
    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "detached" });

    await page.reload();
    await listedFiles(page);
    await page.getByLabel("Search the library").fill("tabby minka");
    assert.deepEqual(await page.locator(".tile-name").allTextContents(), ["Minka"]);
    assert.deepEqual(errors.filter((error) => !error.includes("400")), []);
  });
});

test("files are selected and deleted with the keyboard alone", async () => {
  await emptyLibrary();
  const ids = [];
  for (let number = 1; number <= 6; number += 1) ids.push(await upload(`${number}.jpg`));
  const variant = `${EDGE}/files/${ids[5]}/6.jpg?w=64`;
  assert.equal((await fetch(variant)).status, 200);
  await onPage(async ({ page, errors }) => {
    await listedFiles(page);
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    const active = () => page.locator(".tile[data-active] .tile-name").textContent();
    assert.equal(await active(), "6.jpg");
    await page.keyboard.press("ArrowRight");
    assert.equal(await active(), "5.jpg");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    assert.deepEqual(await selectedNames(page), ["5.jpg", "4.jpg"]);
    await page.keyboard.press("Control+a");
    assert.equal((await selectedNames(page)).length, 6);
    await page.keyboard.press("Escape");
    assert.deepEqual(await selectedNames(page), []);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "4.jpg" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    assert.deepEqual(await selectedNames(page), ["6.jpg", "5.jpg", "4.jpg"]);
    await screenshot(page, "library-selected");
    await page.keyboard.press("Delete");
    await page.locator(".count", { hasText: "3 files" }).waitFor();
    await screenshot(page, "library-undo");
    await page.keyboard.press("Control+z");
    await page.locator(".count", { hasText: "6 files" }).waitFor();
    assert.equal((await listing()).length, 6);
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "Close" }).press("Enter");
    await page.getByText("3 files are deleted.", { exact: true }).waitFor({ state: "attached" });
    assert.deepEqual(await page.locator(".tile-name").allTextContents(), ["3.jpg", "2.jpg", "1.jpg"]);
    assert.deepEqual(errors, []);
  });
  assert.deepEqual(await listing(), ["3.jpg", "2.jpg", "1.jpg"]);
  for (const end = Date.now() + 60_000; (await fetch(variant)).status !== 404; ) {
    assert.ok(Date.now() < end, "the variant of a deleted file is still served");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

test("files that are about to be deleted are deleted when the page is left", async () => {
  await emptyLibrary();
  await upload("a.jpg");
  await onPage(async ({ page }) => {
    await listedFiles(page);
    await (await openFile(page, "a.jpg")).getByRole("button", { name: "Delete" }).click();
    await page.locator(".undo-bar").waitFor();
    assert.deepEqual(await listing(), ["a.jpg"]);
    await page.goto("about:blank");
    for (const end = Date.now() + 60_000; (await listing()).length > 0; ) assert.ok(Date.now() < end, "the file is still listed");
  });
});

test("the focal point is chosen by a click and by keys, and crops follow it", async () => {
  await emptyLibrary();
  const id = await upload("cat.jpg");
  const stored = async () => (await (await fetch(`${EDGE}/library/files/${id}`)).json()).focalPoint;
  await onPage(async ({ page, errors }) => {
    await listedFiles(page);
    const detail = await openFile(page, "cat.jpg");
    await detail.getByRole("button", { name: "Focal point", exact: true }).click();
    const layer = detail.getByRole("button", { name: /^Focal point: not set/ });
    const { width, height } = await layer.boundingBox();
    const saved = page.waitForResponse((response) => response.request().method() === "PATCH");
    await layer.click({ position: { x: width * 0.25, y: height * 0.75 } });
    await saved;
    const { x, y } = await stored();
    assert.ok(Math.abs(x - 0.25) < 0.01 && Math.abs(y - 0.75) < 0.01, `${x}, ${y}`);
    const crops = detail.locator(".crops img");
    await page.waitForFunction(() => [...document.querySelectorAll(".crops img")].filter((image) => image.naturalWidth > 0).length === 3);
    assert.equal(await crops.count(), 3);
    await screenshot(page, "library-focal-point");
    const moved = page.waitForResponse((response) => response.request().method() === "PATCH");
    await detail.getByRole("button", { name: /^Focal point: 25/ }).press("ArrowRight");
    await moved;
    assert.ok(Math.abs((await stored()).x - x - 0.02) < 0.001);
    const cleared = page.waitForResponse((response) => response.request().method() === "PATCH");
    await detail.getByRole("button", { name: "Clear", exact: true }).click();
    await cleared;
    assert.equal(await stored(), undefined);
    assert.deepEqual(errors.filter((error) => !error.includes("403")), []);
  });
});

test("two variants are compared with a slider", async () => {
  await emptyLibrary();
  await upload("cat.jpg");
  await onPage(async ({ page }) => {
    await listedFiles(page);
    const detail = await openFile(page, "cat.jpg");
    await detail.getByRole("button", { name: "Compare" }).click();
    const facts = detail.locator(".compare .facts");
    await page.waitForFunction(() => [...document.querySelectorAll(".compare .facts")].every(({ textContent }) => /B$/.test(textContent)));
    await detail.getByLabel("Right variant").selectOption("JPEG, quality 30");
    await facts.nth(1).filter({ hasText: /B$/ }).waitFor();
    assert.match(await facts.first().textContent(), /^[\d.]+\s(kB|MB)$/);
    const border = () => detail.locator(".compare-layer").evaluate((layer) => layer.style.getPropertyValue("--border"));
    assert.equal(await border(), "50%");
    await screenshot(page, "library-compare");
    await detail.getByLabel("Border between both variants").press("ArrowLeft");
    assert.equal(await border(), "49%");
  });
});

/** Answers the question of a dialog, and waits until all files are changed. */
async function answerWith(page, label, text) {
  await page.evaluate(() => (document.getElementById("announcer").textContent = ""));
  await page.getByRole("textbox", { name: label }).fill(text);
  await page.keyboard.press("Enter");
  await page.getByText("2 files are changed.").waitFor({ state: "attached" });
}

test("several files get tags and a folder, and are filtered by it", async () => {
  await emptyLibrary();
  for (let number = 1; number <= 3; number += 1) await upload(`${number}.jpg`);
  await onPage(async ({ page, errors }) => {
    await listedFiles(page);
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByRole("button", { name: "Move" }).click();
    await answerWith(page, "Folder", "press/2026");
    await page.getByLabel("Folder", { exact: true }).selectOption("press/2026");
    await page.locator(".count", { hasText: "2 of 3 files" }).waitFor();
    await page.getByRole("button", { name: "Add tags" }).click();
    await screenshot(page, "library-tags");
    await answerWith(page, "Tags", "cat, tabby");
    await page.getByLabel("Folder", { exact: true }).selectOption("All folders");
    await page.getByLabel("Search the library").fill("tabby");
    await page.locator(".count", { hasText: "2 of 3 files" }).waitFor();
    assert.deepEqual(errors, []);
  });
  const { files } = await (await fetch(`${EDGE}/library/files?tag=cat&folder=press`)).json();
  assert.deepEqual(files.map(({ name }) => name), ["3.jpg", "2.jpg"]);
});

test("a listing that is older than a change does not take it back", async () => {
  await emptyLibrary();
  for (const name of ["changed.jpg", "deleted.jpg"]) await upload(name);
  await onPage(async ({ page, errors }) => {
    assert.equal(await listedFiles(page), 2);
    // The next listing is read now, and arrives after the changes.
    let deliver;
    const held = new Promise((resolve) => (deliver = resolve));
    let read;
    const isRead = new Promise((resolve) => (read = resolve));
    const hold = async (route) => {
      const response = await route.fetch();
      read();
      await held;
      await route.fulfill({ response });
    };
    await page.route(RECENT, hold, { times: 1 });
    await isRead;
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "Close" }).press("Enter");
    await page.getByText("1 file is deleted.", { exact: true }).waitFor({ state: "attached" });
    const detail = await openFile(page, "changed.jpg");
    await detail.getByLabel("Name", { exact: true }).fill("new-name.jpg");
    await page.keyboard.press("Tab");
    await tileOf(page, "new-name.jpg").waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await page.evaluate(() => {
      window.shown = new Set();
      const note = () => document.querySelectorAll(".tile-name").forEach(({ textContent }) => window.shown.add(textContent));
      new MutationObserver(note).observe(document.querySelector(".canvas"), { childList: true, subtree: true });
      note();
    });
    const isHeld = page.waitForResponse(RECENT);
    deliver();
    await isHeld;
    await page.waitForResponse(RECENT);
    assert.deepEqual(await page.evaluate(() => [...window.shown]), ["new-name.jpg"]);
    assert.deepEqual(errors, []);
  });
});

test("a folder is uploaded with its folders, without what systems leave in it, and with one progress", async () => {
  await emptyLibrary();
  const folder = mkdtempSync(path.join(tmpdir(), "tintype-folder-"));
  try {
    mkdirSync(path.join(folder, "shoot", "day 1"), { recursive: true });
    // A picture with its name behind its end: each file has another content.
    for (const name of ["a.jpg", "b.jpg", "c.jpg", "day 1/d.jpg"]) {
      writeFileSync(path.join(folder, "shoot", name), Buffer.concat([photo.buffer, Buffer.from(name)]));
    }
    for (const name of [".DS_Store", "Thumbs.db"]) writeFileSync(path.join(folder, "shoot", name), "x");
    writeFileSync(path.join(folder, "shoot", "notes.html"), "<p>not a picture</p>");
    await onPage(async ({ page }) => {
      await page.setInputFiles("#folder-chooser", path.join(folder, "shoot"));
      const batch = page.getByRole("listitem", { name: "Upload of 5 files" });
      await batch.getByText("4 of 5 uploaded, 1 can't be taken").waitFor();
      assert.match(await batch.getByRole("list", { name: "Files that can't be taken" }).textContent(), /^notes\.html .*text\/html/);
      await page.getByLabel("Folder", { exact: true }).selectOption("shoot");
      await page.locator(".count", { hasText: "4 of 4 files" }).waitFor();
      await screenshot(page, "library-folder");
      await page.getByLabel("Folder", { exact: true }).selectOption("shoot/day 1");
      assert.deepEqual(await page.locator(".tile-name").allTextContents(), ["d.jpg"]);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what can't be taken of many files is said before any is sent, and the others are uploaded", async () => {
  await emptyLibrary();
  const picture = (name) => ({ name, mimeType: photo.mimeType, buffer: Buffer.concat([photo.buffer, Buffer.from(name)]) });
  const junk = [
    { name: "setup.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") },
    { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>no picture</p>") },
    { name: "other.html", mimeType: "text/html", buffer: Buffer.from("<p>no picture, either</p>") },
    { name: "nothing.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(0) },
  ];
  await onPage(async ({ page, errors }) => {
    const asked = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/uploads")) asked.push(JSON.parse(request.postData()).filename);
    });
    let isListed;
    const isSent = page.waitForRequest(async (request) => {
      if (request.method() !== "POST" || request.url().startsWith(EDGE)) return false;
      isListed ??= page.getByRole("list", { name: "Files that can't be taken" }).getByRole("listitem").count();
      return true;
    });
    await page.setInputFiles("#chooser", [picture("1.jpg"), ...junk, picture("2.jpg"), picture("3.jpg")]);
    await isSent;
    assert.equal(await isListed, 4, "the refusals are shown before the first file is sent");
    const batch = page.getByRole("listitem", { name: "Upload of 7 files" });
    await batch.getByText("3 of 7 uploaded, 4 can't be taken").waitFor();
    const list = batch.getByRole("list", { name: "Files that can't be taken" });
    await screenshot(page, "library-refusals");
    assert.deepEqual((await list.locator("strong").allTextContents()).sort(), ["nothing.jpg", "other.html", "page.html", "setup.exe"]);
    assert.match(await list.textContent(), /nothing\.jpg The file is empty\..*/);
    assert.match(await list.textContent(), /setup\.exe [^.]*application\/x-msdownload are not accepted\./);
    // One question for each type, and one for each file that is sent.
    assert.equal(asked.length, 3 + 3, asked.join());
    await page.locator(".count", { hasText: "3 files" }).waitFor();
    assert.deepEqual(errors.filter((error) => !error.includes("415")), []);
  });
});

test("clicks select several files", async () => {
  await emptyLibrary();
  for (let number = 1; number <= 4; number += 1) await upload(`${number}.jpg`);
  await onPage(async ({ page }) => {
    await listedFiles(page);
    await tileOf(page, "4.jpg").hover();
    await tileOf(page, "4.jpg").locator(".tick").click();
    await tileOf(page, "2.jpg").click({ modifiers: ["Shift"] });
    assert.deepEqual(await selectedNames(page), ["4.jpg", "3.jpg", "2.jpg"]);
    await tileOf(page, "3.jpg").click();
    assert.deepEqual(await selectedNames(page), ["4.jpg", "2.jpg"]);
    await page.getByRole("button", { name: "Clear selection" }).click();
    assert.deepEqual(await selectedNames(page), []);
    await openFile(page, "1.jpg");
  });
});

test("a frame selects the files that it touches", async () => {
  await emptyLibrary();
  for (let number = 1; number <= 4; number += 1) await upload(`${number}.jpg`);
  await onPage(async ({ page, errors }) => {
    await listedFiles(page);
    const boxes = [];
    for (const name of ["4.jpg", "3.jpg", "2.jpg", "1.jpg"]) boxes.push(await tileOf(page, name).boundingBox());
    const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
    const drag = async (from, to, key) => {
      if (key) await page.keyboard.down(key);
      await page.mouse.move(...from);
      await page.mouse.down();
      await page.mouse.move(...to, { steps: 4 });
      if (!key) await screenshot(page, "library-frame");
      await page.mouse.up();
      if (key) await page.keyboard.up(key);
    };
    const right = [boxes[3].x + boxes[3].width + 40, boxes[3].y + boxes[3].height / 2];
    await drag(right, middle(boxes[2]));
    assert.deepEqual(await selectedNames(page), ["2.jpg", "1.jpg"]);
    await page.keyboard.down("Control");
    await drag(middle(boxes[0]).map((value) => value - 5), middle(boxes[0]), "Alt");
    await page.keyboard.up("Control");
    assert.deepEqual(await selectedNames(page), ["4.jpg", "2.jpg", "1.jpg"]);
    await drag(right, [right[0] + 20, right[1] + 20]);
    assert.deepEqual(await selectedNames(page), []);
    assert.equal(await page.locator(".frame-selection").count(), 0);
    await openFile(page, "4.jpg");
    assert.deepEqual(errors, []);
  });
});

test("10,000 files are listed with tiles for the visible ones only", async () => {
  await onPage(async ({ page, errors }) => {
    await page.route("**/library/files?**", (route) => route.fulfill({ json: pageOf10000(new URL(route.request().url())) }));
    await page.reload();
    await page.locator(".count", { hasText: "10,000 files" }).waitFor();
    const tiles = page.locator(".tile");
    const mounted = async () => {
      const count = await tiles.count();
      assert.ok(count > 8 && count < 120, `${count} tiles`);
    };
    await mounted();
    for (const part of [0.25, 0.5, 0.9]) {
      await page.evaluate((part) => scrollTo(0, part * document.documentElement.scrollHeight), part);
      await page.waitForFunction(() => {
        const inView = [...document.querySelectorAll(".tile")].filter((tile) => {
          const { top, bottom } = tile.getBoundingClientRect();
          return bottom > 0 && top < innerHeight;
        });
        return inView.length >= 8;
      });
      await mounted();
    }
    await page.getByLabel("View").selectOption("List");
    await mounted();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.getByRole("option", { name: /^file-9999\.txt\s/ }).waitFor();
    await mounted();
    await page.getByLabel("View").selectOption("Medium tiles");
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("End");
    const last = page.getByRole("option", { name: /^file-9999\.txt\s/ });
    await last.waitFor();
    assert.equal(await last.getAttribute("aria-posinset"), "10000");
    await page.getByLabel("Search the library").fill("file-77");
    await page.locator(".count", { hasText: "111 of 10,000 files" }).waitFor();
    await page.getByLabel("Search the library").fill("");
    await page.locator(".count", { hasText: "10,000 files" }).waitFor();
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("Control+a");
    await page.getByRole("button", { name: "Delete 10,000 files" }).click();
    const question = page.getByRole("dialog", { name: "Delete 10,000 files?" });
    await question.waitFor();
    await screenshot(page, "library-question");
    // The question begins at "Cancel".
    await page.keyboard.press("Enter");
    await question.waitFor({ state: "detached" });
    await page.locator(".count", { hasText: "10,000 files" }).waitFor();
    assert.deepEqual(errors, []);
  });
});

/** A page of a library of 10,000 files, as the API answers it. */
function pageOf10000({ searchParams }) {
  const [limit, start] = [Number(searchParams.get("limit")), Number(searchParams.get("cursor") ?? 0)];
  const file = (number) => ({
    id: `k${number}`,
    key: `files/file-${number}.txt`,
    name: `file-${number}.txt`,
    visibility: "public",
    state: "clean",
    type: "text/plain",
    size: number,
    created: new Date(Date.UTC(2026, 0, 2) - number * 1000).toISOString(),
    modified: "2026-01-01T00:00:00Z",
    url: `${EDGE}/files/file-${number}.txt`,
    folder: "",
    tags: [],
  });
  const end = Math.min(start + limit, 10_000);
  const files = Array.from({ length: end - start }, (_, index) => file(start + index));
  return end < 10_000 ? { files, cursor: String(end) } : { files };
}

test("the library has no horizontal overflow, from a phone to a wide screen", async () => {
  await emptyLibrary();
  const id = await upload(`${"a-rather-long-name-".repeat(6)}.jpg`);
  const { name } = await (await fetch(`${EDGE}/library/files/${id}`)).json();
  await onPage(async ({ page }) => {
    await listedFiles(page);
    for (const width of [320, 375, 640, 1280, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(needed <= width, `at ${width} px the page is ${needed} px wide`);
      const detail = await openFile(page, name);
      await detail.getByText("Variants", { exact: true }).click();
      await detail.locator(".variants tbody tr").first().waitFor();
      const cut = await detail.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
      assert.ok(cut <= 0, `at ${width} px the dialog is cut by ${cut} px`);
      if (width === 320) await screenshot(page, "library-phone-detail");
      await page.keyboard.press("Escape");
      await detail.waitFor({ state: "detached" });
      if (width === 320) await screenshot(page, "library-phone");
    }
  });
});
