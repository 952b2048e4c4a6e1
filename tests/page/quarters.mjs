import assert from "node:assert/strict";

/** The size of the picture in pixels, and the colours of its quarters. */
export const SIZE = { width: 800, height: 600 };
export const COLORS = { topLeft: "#c02020", topRight: "#20a040", bottomLeft: "#2040c0", bottomRight: "#e0c020" };

/** A PNG with a colour in each quarter. */
export async function quarters(browser) {
  const page = await browser.newPage();
  const url = await page.evaluate(
    ({ width, height, colors }) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d");
      colors.forEach((color, index) => {
        context.fillStyle = color;
        context.fillRect((index % 2) * (width / 2), Math.floor(index / 2) * (height / 2), width / 2, height / 2);
      });
      return canvas.toDataURL("image/png");
    },
    { ...SIZE, colors: Object.values(COLORS) },
  );
  await page.close();
  return Buffer.from(url.split(",")[1], "base64");
}

/** The size of the picture at a URL, and the colour in its middle. */
export function pictureAt(page, url) {
  return page.evaluate(async (url) => {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const [red, green, blue] = context.getImageData(bitmap.width / 2, bitmap.height / 2, 1, 1).data;
    return { width: bitmap.width, height: bitmap.height, color: [red, green, blue] };
  }, url);
}

export function assertColor(color, expected) {
  const [, ...parts] = expected.match(/#(..)(..)(..)/);
  parts.forEach((part, index) => assert.ok(Math.abs(color[index] - Number.parseInt(part, 16)) < 12, `${color} isn't ${expected}`));
}
