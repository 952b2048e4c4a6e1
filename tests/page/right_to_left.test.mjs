// The page from right to left, in a real browser. Environment: see `page.test.mjs`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emptyLibrary, uploadFile } from "./files.mjs";
import { closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { COLORS, assertColor, pictureAt, quarters } from "./quarters.mjs";
import { listedFiles, openFile, selectedNames, tileOf } from "./tiles.mjs";

const { EDGE } = process.env;

let content;

before(async () => {
  content = await quarters(await openBrowser());
});

after(closeBrowser);

/** Opens the page from right to left with four pictures, the newest of which is `4.png`. */
async function fromRight(use) {
  await emptyLibrary();
  for (let number = 1; number <= 4; number += 1) await uploadFile(`${number}.png`, { type: "image/png", content });
  await onPage(async ({ page, errors }) => {
    await page.goto(`${EDGE}/?dir=rtl`);
    await listedFiles(page);
    await use(page);
    assert.deepEqual(errors.filter((error) => !error.includes("403")), []);
  });
}

/** Drags with the mouse between two points of the page. */
async function drag(page, from, to) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 5 });
  await page.mouse.up();
}

const middleOf = ({ x, y, width, height }) => [x + width / 2, y + height / 2];

test("the grid begins at the right, and arrows and frames follow what is seen", async () => {
  await fromRight(async (page) => {
    const box = (name) => tileOf(page, name).boundingBox();
    const boxes = await Promise.all(["4.png", "3.png", "2.png", "1.png"].map(box));
    const grid = await page.locator(".grid").boundingBox();
    assert.ok(Math.abs(boxes[0].x + boxes[0].width - grid.x - grid.width) < 1, "the first tile touches the right edge");
    boxes.slice(1).forEach((next, index) => assert.ok(next.x + next.width < boxes[index].x, "each tile is left of the one before"));
    const tick = await tileOf(page, "4.png").locator(".tick").boundingBox();
    assert.ok(tick.x > middleOf(boxes[0])[0], "the tick is in the corner where reading begins");
    const [title, search] = await Promise.all([".toolbar h2", ".toolbar input"].map((part) => page.locator(part).boundingBox()));
    assert.ok(title.x > search.x, "the title is right of the search");

    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    const active = () => page.locator(".tile[data-active] .tile-name").textContent();
    await page.keyboard.press("ArrowLeft");
    assert.equal(await active(), "3.png");
    await page.keyboard.press("Shift+ArrowLeft");
    assert.deepEqual(await selectedNames(page), ["3.png", "2.png"]);
    await page.keyboard.press("ArrowRight");
    assert.equal(await active(), "3.png");
    await page.keyboard.press("Escape");

    const beside = [boxes[3].x - 40, boxes[3].y + 30];
    await drag(page, beside, middleOf(boxes[2]));
    assert.deepEqual(await selectedNames(page), ["2.png", "1.png"]);
    await screenshot(page, "rtl-selected");
    await page.keyboard.press("Escape");

    // What a browser does that translates the page after it was loaded.
    await page.evaluate(() => (document.documentElement.dir = "ltr"));
    await page.waitForFunction((x) => Math.abs(document.querySelector(".tile").getBoundingClientRect().x - x) < 1, grid.x);
  });
});

test("a drag crops the part that is seen", async () => {
  await fromRight(async (page) => {
    const detail = await openFile(page, "4.png");
    await detail.getByRole("button", { name: "Crop", exact: true }).click();
    await detail.locator(".crop .outcome").filter({ hasText: /^800 × 600 pixels/ }).waitFor();
    const layer = detail.locator(".crop-layer");
    await layer.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await layer.boundingBox();
    const at = (across, down) => [x + across * width, y + down * height];
    await drag(page, at(0.55, 0.1), at(0.95, 0.45));
    await detail.locator(".crop .outcome").filter({ hasText: /^3[12]\d × 2[01]\d pixels/ }).waitFor();
    const url = await detail.getByLabel("URL of the crop").textContent();
    const [left, top] = new URL(url).searchParams.get("rect").split(",").map(Number);
    assert.ok(Math.abs(left - 440) <= 4 && Math.abs(top - 60) <= 4, url);
    assertColor((await pictureAt(page, url)).color, COLORS.topRight);
    const marked = await detail.locator(".crop-box").boundingBox();
    assert.ok(Math.abs(marked.x - at(0.55, 0)[0]) <= 4, `the frame of the crop is at ${marked.x}`);
    await layer.press("ArrowRight");
    await page.waitForFunction((from) => new URL(document.querySelector(".crop .built").textContent).searchParams.get("rect").startsWith(`${from},`), left + 8);
    await page.locator(".crop > img").scrollIntoViewIfNeeded();
    await screenshot(page, "rtl-crop");
  });
});

test("the slider shows the left variant at the left, and a click sets the focal point where it is", async () => {
  await fromRight(async (page) => {
    const detail = await openFile(page, "4.png");
    await detail.getByRole("button", { name: "Compare" }).click();
    await page.waitForFunction(() => [...document.querySelectorAll(".compare .facts")].every(({ textContent }) => /B$/.test(textContent)));
    const slider = detail.getByLabel("Border between both variants");
    const { x, y, width, height } = await slider.boundingBox();
    await page.mouse.click(x + 0.25 * width, y + height / 2);
    const border = Number.parseFloat(await detail.locator(".compare-layer").evaluate((layer) => layer.style.getPropertyValue("--border")));
    assert.ok(Math.abs(border - 25) <= 2, `a click at a quarter moves the border to ${border} %`);
    await slider.press("ArrowRight");
    const next = Number.parseFloat(await detail.locator(".compare-layer").evaluate((layer) => layer.style.getPropertyValue("--border")));
    assert.equal(next, border + 1);
    const [left, right] = await Promise.all(["Left", "Right"].map((side) => detail.getByLabel(`${side} variant`).boundingBox()));
    assert.ok(left.x < right.x, "the choice of the left variant is at the left");
    await screenshot(page, "rtl-compare");

    await detail.getByRole("button", { name: "Focal point", exact: true }).click();
    const saved = page.waitForResponse((response) => response.request().method() === "PATCH");
    await detail.locator(".focal-layer").click({ position: { x: width * 0.25, y: height * 0.75 } });
    const { focalPoint } = await (await saved).json();
    assert.ok(Math.abs(focalPoint.x - 0.25) < 0.01, JSON.stringify(focalPoint));
  });
});

test("nothing overflows from right to left, from a phone to a wide screen", async () => {
  await fromRight(async (page) => {
    for (const width of [320, 640, 1280, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      for (const view of ["Medium tiles", "List"]) {
        await page.getByLabel("View").selectOption(view);
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(needed <= width, `at ${width} px the page is ${needed} px wide`);
        await screenshot(page, `rtl-${view.split(" ")[0]}-${width}`);
      }
      const detail = await openFile(page, "4.png");
      await detail.getByText("Variants", { exact: true }).click();
      await detail.locator(".variants tbody tr").first().waitFor();
      await detail.getByText("Try other parameters").click();
      await detail.locator(".editor > .outcome").filter({ hasText: "480" }).waitFor();
      const cut = await detail.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
      assert.ok(cut <= 0, `at ${width} px the dialog is cut by ${cut} px`);
      await screenshot(page, `rtl-detail-${width}`);
      await page.keyboard.press("Escape");
      await detail.waitFor({ state: "detached" });
    }
  });
});
