// The page at `/` in a real browser. Environment:
//   EDGE      address of a running local stack (required)
//   PHOTOS    folder of at least two JPEG, PNG, WebP or AVIF pictures to upload; without it the test draws its own
//   CHROMIUM  the browser (default /usr/bin/chromium)
//   ARTEFACTS folder for screenshots (none without it)
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cardIn, checkVariants, column, filledTable, shownPicture, uploadedCard } from "./cards.mjs";
import {
  choose,
  closeBrowser,
  drop,
  intercept,
  limitUploads,
  onPage,
  openBrowser,
  screenshot,
  watchProgress,
} from "./page.mjs";
import { HTML_FILE, photosToUpload } from "./photos.mjs";
import { listedFiles, openFile } from "./tiles.mjs";

const LADDER = [
  16, 32, 48, 64, 96, 128, 256, 384, 480, 640, 750, 828, 1080, 1200, 1440, 1920, 2048, 2560, 3840,
];

let photos;

before(async () => {
  photos = await photosToUpload(await openBrowser(), process.env.PHOTOS);
});

after(closeBrowser);

test("chosen photos are uploaded and shown, with a table of their variants", async () => {
  await onPage(async ({ page, errors }) => {
    await watchProgress(page);
    await choose(page, photos);
    for (const { name } of photos) {
      const card = await uploadedCard(page, name);
      assert.equal(await card.locator("progress").evaluate(({ value }) => value), 100);
      const seen = await page.evaluate((name) => window.progressSeen[name], name);
      assert.deepEqual(
        seen,
        [...seen].sort((a, b) => a - b),
        `the progress of ${name} never goes back`,
      );

      const picture = await shownPicture(card);
      assert.ok(picture.naturalWidth > 0);
      assert.ok(
        LADDER.includes(Number(new URL(picture.currentSrc).searchParams.get("w"))),
        picture.currentSrc,
      );
      assert.equal(
        picture.candidates.every((candidate) => /\?w=\d+ \d+w$/.test(candidate)),
        true,
      );

      await checkVariants(card);
    }
    assert.deepEqual(errors, []);
    await screenshot(page, "uploaded");
    await page.emulateMedia({ colorScheme: "dark" });
    await screenshot(page, "uploaded-dark");
  });
});

test("dropped photos are uploaded", async () => {
  await onPage(async ({ page, errors }) => {
    await drop(page, photos);
    for (const { name } of photos) await shownPicture(await uploadedCard(page, name));
    assert.deepEqual(errors, []);
  });
});

test("a file of a refused type shows the reason, and the other uploads continue", async () => {
  await onPage(async ({ page }) => {
    await choose(page, [HTML_FILE, photos[0]]);
    const refused = await cardIn(page, HTML_FILE.name, "failed");
    assert.match(await refused.locator(".message").textContent(), /text\/html/);
    await uploadedCard(page, photos[0].name);
    await screenshot(page, "refused");

    await refused.getByRole("button", { name: "Dismiss" }).click();
    await refused.waitFor({ state: "detached" });
  });
});

test("a file whose content doesn't match its declared type is refused after the upload, with the reason", async () => {
  await onPage(async ({ page }) => {
    const lying = { ...HTML_FILE, name: "lying.png", mimeType: "image/png" };
    await choose(page, [lying]);
    const card = await cardIn(page, lying.name, "failed");
    assert.match(
      await card.locator(".message").textContent(),
      /^The file was checked and is not served\. The file's content is text\/html, .+\.$/,
    );
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await screenshot(page, "lying");
  });
});

test("a damaged picture is uploaded, and its card shows the reason why it has no variants", async () => {
  await onPage(async ({ page }) => {
    const damaged = {
      name: "damaged.jpg",
      mimeType: "image/jpeg",
      buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0]),
    };
    await choose(page, [damaged]);
    const card = await uploadedCard(page, damaged.name);
    const words = card.locator(".result .refused");
    await words.waitFor();
    assert.match(await words.textContent(), /^The variants can't be shown\. \S.+\.$/);
    assert.equal(await card.locator("table").count(), 0);
    await screenshot(page, "damaged");
  });
});

test("a refusal of the storage is shown with its message, and a retry succeeds", async () => {
  await onPage(async ({ page }) => {
    const xml =
      "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Policy expired</Message></Error>";
    await intercept(page, (route) =>
      route.fulfill({
        status: 403,
        contentType: "application/xml",
        headers: { "access-control-allow-origin": "*" },
        body: xml,
      }),
    );
    await choose(page, [photos[0]]);
    const card = await cardIn(page, photos[0].name, "failed");
    assert.equal(await card.locator(".message").textContent(), "Policy expired.");

    await page.unrouteAll();
    await card.getByRole("button", { name: "Retry" }).click();
    await uploadedCard(page, photos[0].name);
  });
});

test("a failed connection is reported, and a retry succeeds", async () => {
  await onPage(async ({ page }) => {
    await intercept(page, (route) => route.abort("connectionreset"));
    await choose(page, [photos[0]]);
    const card = await cardIn(page, photos[0].name, "failed");
    assert.match(await card.locator(".message").textContent(), /connection to the storage failed/);

    await page.unrouteAll();
    await card.getByRole("button", { name: "Retry" }).click();
    await uploadedCard(page, photos[0].name);
  });
});

test("without a network an upload waits, and continues by itself when it is back", async () => {
  await onPage(async ({ page }) => {
    await page.context().setOffline(true);
    await choose(page, [photos[0]]);
    await cardIn(page, photos[0].name, "failed");
    await page.context().setOffline(false);
    await uploadedCard(page, photos[0].name);
  });
});

test("a cancelled upload is reported and not remembered, and a retry succeeds", async () => {
  await onPage(async ({ page }) => {
    const large = {
      ...photos[0],
      name: `large-${photos[0].name}`,
      buffer: Buffer.concat([photos[0].buffer, Buffer.alloc(4_000_000)]),
    };
    await limitUploads(page, 100_000);
    await choose(page, [large]);
    const card = await cardIn(page, large.name, "uploading");
    await page.waitForFunction(
      (bar) => bar.value > 0 && bar.value < 100,
      await card.locator("progress").elementHandle(),
    );
    await screenshot(page, "uploading");
    await card.getByRole("button", { name: "Cancel" }).click();
    await cardIn(page, large.name, "cancelled");
    assert.match(await card.locator(".message").textContent(), /^Cancelled/);
    assert.equal(await page.evaluate(() => localStorage.length), 0);

    await limitUploads(page, -1);
    await card.getByRole("button", { name: "Retry" }).click();
    await uploadedCard(page, large.name);
  });
});

test("after a reload an upload is in the library, its variants come from the cache, and it can be deleted", async () => {
  await onPage(async ({ page, errors }) => {
    await choose(page, [photos[0]]);
    await checkVariants(await uploadedCard(page, photos[0].name));
    await page.reload();
    assert.equal(await page.locator(".card").count(), 0);
    const count = await listedFiles(page);
    const detail = await openFile(page, photos[0].name);
    await detail.getByText("Variants", { exact: true }).click();
    await filledTable(detail);
    assert.deepEqual([...new Set(await column(detail, "First time", ".badge"))], ["cached"]);
    assert.deepEqual(errors, []);
    await screenshot(page, "detail");

    await detail.getByRole("button", { name: "Delete" }).click();
    await detail.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByText("1 file is deleted.").waitFor({ state: "attached" });
    await page.reload();
    assert.equal(await listedFiles(page), count - 1);
  });
});

test("files can be chosen with the keyboard alone", async () => {
  await onPage(async ({ page }) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "chooser");
    await page.evaluate(() => {
      window.openings = 0;
      document.getElementById("chooser").addEventListener("click", (event) => {
        // Otherwise the system's file dialog would stay open.
        event.preventDefault();
        window.openings += 1;
      });
    });
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    assert.equal(await page.evaluate(() => window.openings), 2);
  });
});

test("the page has no horizontal overflow, from a phone to a wide screen", async () => {
  await onPage(async ({ page }) => {
    const longName = { ...photos[0], name: `${"a-rather-long-name-".repeat(8)}.jpg` };
    await choose(page, [HTML_FILE, longName]);
    const card = await uploadedCard(page, longName.name);
    await filledTable(card);
    await card.locator(".editor > summary").click();
    await card.locator(".editor > img[src]").waitFor();
    for (const width of [360, 600, 641, 737, 960, 1055, 1056, 1151, 1280, 1600]) {
      await page.setViewportSize({ width, height: 800 });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(needed <= width, `at ${width} px the page is ${needed} px wide`);
      const cut = await card
        .locator(".variants")
        .evaluate((table) => table.scrollWidth - table.parentElement.clientWidth);
      assert.ok(cut <= 0, `at ${width} px the table is ${cut} px wider than its place`);
      if (width === 360) await screenshot(page, "phone");
    }
  });
});
