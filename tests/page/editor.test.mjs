// The editor of the page at `/` in a real browser, with the environment of page.test.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { filledTable, uploadedCard } from "./cards.mjs";
import { choose, closeBrowser, onPage, openBrowser, screenshot } from "./page.mjs";
import { photosToUpload } from "./photos.mjs";

/** Parameters without a control: one has no effect, and the signer writes the others. */
const WITHOUT_CONTROL = ["auto", "expires", "s"];

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

test("each parameter of the image API has a control", async () => {
  const api = readFileSync(new URL("../../docs/image-api.md", import.meta.url), "utf8");
  const [, table] = api.match(/<!-- parameters: begin -->([^]*)<!-- parameters: end -->/);
  const names = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  await inEditor(async ({ card }) => {
    const controls = await card.locator(".controls code").allTextContents();
    assert.deepEqual(controls.sort(), names.filter((name) => !WITHOUT_CONTROL.includes(name)).sort());
  });
});
