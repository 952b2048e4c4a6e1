import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const TYPES = {
  ".avif": "image/avif",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
};

/** A file of a type that is refused. */
export const HTML_FILE = { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>not a picture</p>") };

/** Two pictures: the first ones of `folder` by name, or, without a folder, drawn by `browser`. */
export async function photosToUpload(browser, folder) {
  return folder
    ? photosIn(folder)
    : Promise.all([drawn(browser, "wide.jpg", 1600, 1000), drawn(browser, "tall.png", 700, 900)]);
}

function photosIn(folder) {
  const names = readdirSync(folder)
    .filter((name) => path.extname(name).toLowerCase() in TYPES)
    .sort();
  assert.ok(
    names.length >= 2,
    `PHOTOS must be a folder of at least two pictures; ${folder} has ${names.length}`,
  );
  return names.slice(0, 2).map((name) => ({
    name,
    mimeType: TYPES[path.extname(name).toLowerCase()],
    buffer: readFileSync(path.join(folder, name)),
  }));
}

/** A gradient with discs on it. */
async function drawn(browser, name, width, height) {
  const mimeType = TYPES[path.extname(name)];
  const page = await browser.newPage();
  const url = await page.evaluate(
    ({ width, height, mimeType }) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d");
      const gradient = context.createLinearGradient(0, 0, width, height);
      ["#f4c28a", "#b0563a", "#26384f"].forEach((color, i) => gradient.addColorStop(i / 2, color));
      context.fillStyle = gradient;
      context.fillRect(0, 0, width, height);
      for (let i = 0; i < 60; i += 1) {
        context.fillStyle = `hsl(${i * 6} 60% 55% / 50%)`;
        context.beginPath();
        context.arc((i * 397) % width, (i * 211) % height, 12 + ((i * 31) % 90), 0, 7);
        context.fill();
      }
      return canvas.toDataURL(mimeType, 0.92);
    },
    { width, height, mimeType },
  );
  await page.close();
  return { name, mimeType, buffer: Buffer.from(url.split(",")[1], "base64") };
}
