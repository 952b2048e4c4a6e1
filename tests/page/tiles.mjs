/** The tile of a file in the library: the newest one of that name. */
export function tileOf(page, name) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return page.getByRole("option", { name: new RegExp(`^${escaped}\\s`) }).first();
}

/** Opens a file of the library. Returns the dialog. */
export async function openFile(page, name) {
  await tileOf(page, name).click();
  const dialog = page.getByRole("dialog", { name, exact: true });
  await dialog.waitFor();
  return dialog;
}

/** The number of files that the library says it shows, once it is loaded. */
export async function listedFiles(page) {
  const count = page.locator(".library .count");
  await count.filter({ hasText: /file/ }).waitFor();
  return Number((await count.textContent()).match(/^[\d,]+/)[0].replaceAll(",", ""));
}

/** The names of the selected files among the tiles. */
export function selectedNames(page) {
  return page.locator('.tile[aria-selected="true"] .tile-name').allTextContents();
}
