// A part of a picture is cropped by dragging, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emptyLibrary, uploadFile } from "./files.mjs";
import { closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { COLORS, assertColor, pictureAt, quarters } from "./quarters.mjs";
import { listedFiles, openFile } from "./tiles.mjs";

let content;

before(async () => {
  content = await quarters(await openBrowser());
});

after(closeBrowser);

/** Opens the cropper of a new file. `drag` drags between two points, which are fractions of the picture. */
async function inCropper(use) {
  await emptyLibrary();
  await uploadFile("quarters.png", { type: "image/png", content });
  await onPage(async ({ page, errors }) => {
    await listedFiles(page);
    const detail = await openFile(page, "quarters.png");
    await detail.getByRole("button", { name: "Crop", exact: true }).click();
    const layer = detail.locator(".crop-layer");
    await says(detail, /^800 × 600 pixels/);
    const drag = async (from, to) => {
      await layer.scrollIntoViewIfNeeded();
      const { x, y, width, height } = await layer.boundingBox();
      const at = ([across, down]) => [x + across * width, y + down * height];
      await page.mouse.move(...at(from));
      await page.mouse.down();
      await page.mouse.move(...at(to), { steps: 5 });
      await page.mouse.up();
    };
    await use({ page, detail, layer, drag });
    assert.deepEqual(errors.filter((error) => !error.includes("403")), []);
  });
}

function says(detail, words) {
  return detail.locator(".crop .outcome").filter({ hasText: words }).waitFor();
}

/** The region in the URL of the crop. */
async function region(detail) {
  const url = await detail.getByLabel("URL of the crop").textContent();
  return new URL(url).searchParams.get("rect").split(",").map(Number);
}

/** Waits until the URL of the crop has a region. */
function untilRegion(page, expected) {
  const hasRegion = (expected) => new URL(document.querySelector(".crop .built").textContent).searchParams.get("rect") === expected;
  return page.waitForFunction(hasRegion, expected.join());
}

/** The size and the colour of the middle of the picture at the crop's URL. */
async function cropped(page, detail) {
  return pictureAt(page, await detail.getByLabel("URL of the crop").textContent());
}

test("a dragged part is shown, and its URL serves it", async () => {
  await inCropper(async ({ page, detail, drag }) => {
    await drag([0.55, 0.55], [0.95, 0.9]);
    await says(detail, /^3[12]\d × 2[01]\d pixels/);
    const [x, y, w, h] = await region(detail);
    for (const [value, expected] of [[x, 440], [y, 330], [w, 320], [h, 210]]) assert.ok(Math.abs(value - expected) <= 4, `${x},${y},${w},${h}`);
    const picture = await cropped(page, detail);
    assert.deepEqual([picture.width, picture.height], [w, h]);
    assertColor(picture.color, COLORS.bottomRight);
    await page.locator(".crop > img").scrollIntoViewIfNeeded();
    await screenshot(page, "library-crop");

    // A drag inside moves it, to the edge at most.
    await drag([0.75, 0.7], [0.1, 0.1]);
    await untilRegion(page, [0, 0, w, h]);
    assertColor((await cropped(page, detail)).color, COLORS.topLeft);
  });
});

test("a shape keeps its ratio, by dragging a corner and by keys", async () => {
  await inCropper(async ({ page, detail, layer, drag }) => {
    await detail.getByLabel("Shape").selectOption("16:9");
    await says(detail, /^800 × 450 pixels/);
    assert.deepEqual(await region(detail), [0, 75, 800, 450]);
    await drag([0.995, 0.87], [0.5, 0.5]);
    await says(detail, /^400 × 225 pixels/);
    assert.deepEqual(await region(detail), [0, 75, 400, 225]);

    await layer.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await untilRegion(page, [8, 83, 400, 225]);
    await page.keyboard.press("Shift+ArrowRight");
    await untilRegion(page, [8, 83, 408, 230]);
    assert.match(await layer.getAttribute("aria-label"), /^Crop: 408 × 230 pixels from 8, 83$/);
    const { width, height } = await cropped(page, detail);
    assert.ok(Math.abs(width / height - 16 / 9) < 0.02, `${width} × ${height}`);

    await detail.getByLabel("Shape").selectOption("Square, 1:1");
    await says(detail, /^600 × 600 pixels/);
    assert.deepEqual(await region(detail), [100, 0, 600, 600]);
  });
});
