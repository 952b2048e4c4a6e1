// The editor of the page at `/` in a real browser, with the environment of page.test.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { filledTable, uploadedCard } from "./cards.mjs";
import { choose, closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { photosToUpload } from "./photos.mjs";

/** Parameters without a control: one has no effect, the signer writes two, and a moment is for frames of videos only. */
const WITHOUT_CONTROL = ["auto", "expires", "s", "t"];

let photos;

before(async () => {
  photos = await photosToUpload(await openBrowser(), process.env.PHOTOS);
});

after(closeBrowser);

/** Opens the editor of an uploaded photo. `says` waits for an outcome. */
async function inEditor(use) {
  await onPage(async ({ page }) => {
    await choose(page, [photos[0]]);
    const card = await uploadedCard(page, photos[0].name);
    await filledTable(card);
    await card.locator(".editor > summary").click();
    const outcome = card.locator(".outcome");
    const shown = await outcome.elementHandle();
    const says = (words) => page.waitForFunction(([element, words]) => words.test(element.textContent), [shown, words]);
    await use({ page, card, outcome, says, address: card.getByLabel(/^Parameters of/) });
  });
}

test("the editor shows the picture of a URL, or the reason of its refusal", async () => {
  await inEditor(async ({ page, card, outcome, says, address }) => {
    await card.getByLabel("Width").fill("128");
    await card.getByLabel("Height").fill("128");
    await card.getByLabel("Format").selectOption("png");
    await says(/^PNG · 128\s×\s128 · /);
    assert.equal(await address.inputValue(), "w=128&h=128&fit=crop&fm=png");
    assert.match(await card.locator(".built").textContent(), /^http.*\?w=128&h=128&fit=crop&fm=png$/);
    await screenshot(page, "editor");

    await address.fill("w=256&fm=jpeg");
    await says(/^JPEG · 256\s×/);
    assert.equal(await card.getByLabel("Width").inputValue(), "256");
    assert.equal(await card.getByLabel("Height").inputValue(), "");

    await address.fill("w=0");
    await says(/'w'/);
    assert.equal(await outcome.evaluate(({ classList }) => classList.contains("refused")), true);
  });
});

test("an operation that needs a signature is signed", async () => {
  await inEditor(async ({ page, card, says, address }) => {
    await card.getByText("All parameters").click();
    await card.getByLabel("Height").fill("");
    await card.getByLabel("Width").fill("100");
    await card.getByLabel("Fit").selectOption("max");
    await card.getByLabel("Format").selectOption("png");
    await card.getByLabel("Rectangle").fill("0,0,200,100");
    await card.getByLabel("Turn left").selectOption("90");
    await says(/^PNG · 100\s×\s200 · .* · a signed link$/);
    assert.equal(await address.inputValue(), "w=100&fm=png&rect=0,0,200,100&rot=90");
    const link = await card.locator(".built").textContent();
    assert.match(link, /&rot=90&s=[\w-]{43}$/);
    assert.equal((await fetch(link)).status, 200);
    await screenshot(page, "editor-signed");
  });
});

test("a document is shown as text", async () => {
  await inEditor(async ({ page, card, says, address }) => {
    for (const [query, part] of [["fm=json", '"dominantColor": "#'], ["w=100&explain=1", '"canonical": "w=100']]) {
      await address.fill(query);
      await says(/^JSON/);
      await card.locator("pre", { hasText: part }).waitFor();
      assert.equal(await card.locator(".editor > img").isVisible(), false);
    }
    await address.fill("w=256&fm=png");
    await says(/^PNG · 256/);
    assert.equal(await card.locator("pre").isVisible(), false);
    await screenshot(page, "editor-all");
  });
});

/** The texts of the steps of an explanation, by name. */
async function stepsOf(editor) {
  const items = await editor.locator(".steps li").all();
  return Object.fromEntries(await Promise.all(items.map(async (item) => [await item.getAttribute("data-step"), (await item.textContent()).replaceAll("\u00a0", " ")])));
}

test("how a variant is made is drawn as a path of steps, with the values of its explanation", async () => {
  await inEditor(async ({ page, card, says, address }) => {
    await address.fill("w=384&fm=jpeg");
    await says(/^JPEG · 384/);
    const editor = card.locator(".editor");
    const answered = page.waitForResponse((response) => response.url().includes("explain=1") && response.ok());
    await editor.getByText("How it is made").click();
    const explanation = await (await answered).json();
    await editor.locator(".steps li").first().waitFor();
    const steps = await stepsOf(editor);
    assert.deepEqual(Object.keys(steps), ["Source", "Plan", "Decode", "Resize", "Encode", "Variant"]);
    const { source, plan, variant } = explanation;
    for (const [step, size] of [["Source", source], ["Decode", plan.decoded], ["Resize", plan.resampled], ["Variant", variant]])
      assert.ok(steps[step].includes(`${size.width} × ${size.height}`), `${steps[step]} has the size of ${JSON.stringify(explanation)}`);
    assert.ok(plan.decoded.width < source.width, "a photo is decoded at a smaller size");
    const words = (await editor.locator(".path").textContent()).replaceAll("\u00a0", " ");
    assert.ok(words.includes(explanation.reason) && words.includes(explanation.canonical), words);
    assert.match(words, /[\d.]+ ms were predicted, [\d.]+ ms were used\. The variant is (not )?stored/);
    assert.equal(await editor.locator(".steps").getAttribute("role"), "list");
    await screenshot(page, "explained");

    // Another variant is explained at once, with the part that it shows.
    await address.fill("w=300&fm=png&rect=0,0,400,300");
    await says(/^PNG · 300/);
    await editor.locator('.steps li[data-step="Crop"]').waitFor();
    assert.match((await stepsOf(editor)).Encode, /as PNG/);

    // The answer itself is drawn, too.
    await address.fill("w=200&explain=1");
    await says(/^JSON/);
    await editor.locator(".steps").waitFor();
    const drawn = await stepsOf(editor);
    const { milliseconds, predictedMilliseconds, variant: smaller } = JSON.parse(await editor.locator("pre").textContent());
    assert.equal(smaller.width, 200);
    assert.match(drawn.Variant, /200 × /);
    const timeOf = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
    for (const [step, time] of [["Source", "fetch"], ["Plan", "plan"], ["Decode", "decode"], ["Resize", "resize"], ["Encode", "encode"]])
      assert.ok(drawn[step].includes(timeOf(milliseconds[time])), `${drawn[step]} takes ${milliseconds[time]}`);
    const times = (await editor.locator(".path .facts").first().textContent()).replaceAll("\u00a0", " ");
    assert.ok(times.startsWith(`${timeOf(predictedMilliseconds)} were predicted, `), times);
    await address.fill("fm=json");
    await page.waitForFunction((pre) => pre.textContent.includes("dominantColor"), await editor.locator("pre").elementHandle());
    assert.equal(await editor.locator(".made").isVisible(), false);
    await page.setViewportSize({ width: 320, height: 800 });
    // Without a signature the picture has another size than the explained one.
    await address.fill("w=300&fm=jpeg");
    await says(/^JPEG · 384/);
    await editor.getByText(/^This is the variant of a signed link\. .* 384.×/).waitFor();
    assert.match((await stepsOf(editor)).Variant, /300 × /);
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(needed <= 320, `the page is ${needed} px wide`);
    await screenshot(page, "explained-phone");
  });
});

test("each parameter of the image API has a control", async () => {
  const api = readFileSync(new URL("../../docs/image-api.md", import.meta.url), "utf8");
  const [, table] = api.match(/<!-- parameters: begin -->([^]*)<!-- parameters: end -->/);
  const names = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  await inEditor(async ({ card }) => {
    const controls = await card.locator(".controls code").allTextContents();
    assert.deepEqual(controls.sort(), names.filter((name) => !WITHOUT_CONTROL.includes(name)).sort());
  });
});
