// axe-core on each state of the page: page.mjs PICTURE VIDEO OTHER. A finding is `STATE, SCHEME, DEVICE: RULE`.
import { readFileSync } from "node:fs";
import { file, launch, report, version } from "../harness/report.mjs";

const { EDGE } = process.env;
const [picture, video, other] = process.argv.slice(2);
const AXE = readFileSync(file("axe-core/axe.min.js"), "utf8");

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true },
};

/** What a visitor does, and what each step shows. */
const STATES = {
  empty: async () => {},
  "picture and refused file": async (page) => {
    await page.setInputFiles("#chooser", [picture, other]);
    await page.locator("[data-state=uploaded] .variants tbody tr .badge").first().waitFor();
    await page.locator("[data-state]:not([data-state=uploaded])").first().waitFor();
  },
  "editor of a picture": async (page) => {
    const editor = page.locator("[data-state=uploaded] .editor").first();
    await editor.getByText("Try other parameters").click();
    await editor.getByText("All parameters").click();
    await editor.getByLabel("Width").fill("128");
    await editor.locator(".outcome", { hasText: "128" }).waitFor();
  },
  "how a variant is made": async (page) => {
    const editor = page.locator("[data-state=uploaded] .editor").first();
    await editor.getByText("How it is made").click();
    await editor.locator(".steps li").first().waitFor();
  },
  video: async (page) => {
    await page.setInputFiles("#chooser", [video]);
    await page.locator(".player video").first().waitFor();
  },
  "library with a selection": async (page) => {
    // The cards of the uploads go, and the library is in view.
    await page.reload();
    await page.getByLabel("Type").selectOption("Pictures");
    await page.locator(".tile img").first().waitFor();
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("Space");
  },
  "library as a list": async (page) => {
    await page.getByLabel("View").selectOption("List");
    await page.locator(".tile img").first().waitFor();
  },
  "file of the library": async (page) => {
    await page.getByLabel("View").selectOption("Medium tiles");
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await page.locator("dialog.detail").waitFor();
  },
  "focal point of a file": async (page) => {
    await page.locator("dialog.detail").getByRole("button", { name: "Focal point", exact: true }).click();
    await page.locator(".focal-layer").waitFor();
  },
  "comparison of two variants": async (page) => {
    await page.locator("dialog.detail").getByRole("button", { name: "Compare" }).click();
    await page.locator(".compare-left[src]").waitFor();
  },
  "from right to left": async (page) => {
    await page.goto(`${EDGE}/?dir=rtl`);
    await page.locator(".tile img").first().waitFor();
  },
  "file of the library from right to left": async (page) => {
    await page.getByLabel("Type").selectOption("Pictures");
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog.detail").waitFor();
  },
  "samples of an empty library": async (page) => {
    await page.route("**/library/files?**", (route) => route.fulfill({ json: { files: [] } }));
    await page.goto(EDGE);
    await page.locator(".sample").first().waitFor();
  },
  "folder for selected files": async (page) => {
    await page.unroute("**/library/files?**");
    await page.goto(EDGE);
    await page.getByLabel("Type").selectOption("Pictures");
    await page.locator(".tile img").first().waitFor();
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await page.locator("dialog.question").waitFor();
  },
  "deletion that can be undone": async (page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("listbox", { name: "Files of the library" }).focus();
    await page.keyboard.press("Delete");
    await page.locator(".undo-bar").waitFor();
  },
};

/** The findings of axe-core on a page, each with the first element. */
async function findings(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, help, nodes }) => ({ id, failure: `${help}: ${nodes[0].html.slice(0, 200)}` }));
}

async function judged(browser, colorScheme, device) {
  const context = await browser.newContext({ colorScheme, ...DEVICES[device] });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(EDGE);
  const results = [];
  for (const [state, act] of Object.entries(STATES)) {
    await act(page);
    const name = `${state}, ${colorScheme}, ${device}`;
    const found = await findings(page);
    if (found.length === 0) results.push({ group: state, name, failure: null });
    for (const { id, failure } of found) results.push({ group: state, name: `${name}: ${id}`, failure });
  }
  await context.close();
  return results;
}

const browser = await launch();
try {
  const results = [];
  for (const scheme of ["light", "dark"])
    for (const device of Object.keys(DEVICES)) results.push(...(await judged(browser, scheme, device)));
  report(`${version("axe-core")} (npm), Chromium ${browser.version()}`, "every rule of axe-core, best practices too, on each state of the page", results);
} finally {
  await browser.close();
}
