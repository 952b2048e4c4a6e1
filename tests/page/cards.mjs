import assert from "node:assert/strict";

export async function cardIn(page, name, state) {
  const card = page.getByRole("listitem", { name, exact: true });
  await card.and(page.locator(`[data-state="${state}"]`)).waitFor();
  return card;
}

export function uploadedCard(page, name) {
  return cardIn(page, name, "uploaded");
}

/** The picture of a card once it shows a variant. */
export async function shownPicture(card) {
  const image = await card.locator(".picture img").elementHandle();
  await image.waitForElementState("stable");
  await card
    .page()
    .waitForFunction((image) => image.srcset && image.currentSrc.startsWith("http") && image.complete, image);
  return image.evaluate(({ naturalWidth, currentSrc, srcset }) => ({
    naturalWidth,
    currentSrc,
    candidates: srcset.split(", "),
  }));
}

export async function checkVariants(card) {
  await filledTable(card);
  const formats = await column(card, "Format");
  for (const format of ["AVIF", "WebP", "JPEG", "PNG"])
    assert.ok(formats.includes(format), `${format} is among ${formats}`);
  for (const size of await column(card, "Pixels")) assert.match(size, /^\d+\u00a0×\u00a0\d+$/);
  for (const bytes of await column(card, "Bytes")) assert.match(bytes, /^[\d.]+\u00a0(B|kB|MB)$/);
  assert.ok(
    (await column(card, "First time", ".badge")).includes("made"),
    "at least one variant was rendered for this page",
  );
  assert.deepEqual([...new Set(await column(card, "Again", ".badge"))], ["cached"]);
}

/** Waits until every row of a card's table has been fetched twice. */
export async function filledTable(card) {
  const rows = card.locator(".variants tbody tr");
  await rows.first().waitFor();
  const complete = card.locator(".variants tbody tr:has([data-column='Again'] .badge)");
  await complete.nth((await rows.count()) - 1).waitFor();
}

export function column(card, name, part = "") {
  return card.locator(`.variants tbody td[data-column="${name}"] ${part}`.trim()).allTextContents();
}
