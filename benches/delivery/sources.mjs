// Makes the sources of the simulation: node sources.mjs JOBS. Each job has a photo or null, a size, a quality and a file.
import { readFileSync } from "node:fs";

import sharp from "sharp";

for (const { photo, width, height, quality, progressive, file } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const noise = (sigma) => ({ create: { width, height, channels: 3, background: "#808080", noise: { type: "gaussian", mean: 128, sigma } } });
  const base = photo
    ? sharp(photo).resize(width, height, { fit: "cover", kernel: "lanczos3" })
    : sharp(await sharp(noise(60)).blur(2).raw().toBuffer(), { raw: { width, height, channels: 3 } });
  const pixels = await base.removeAlpha().raw().toBuffer();
  // The grain of a sensor, which an enlarged photo lacks.
  const grain = await sharp(noise(6)).raw().toBuffer();
  for (let index = 0; index < pixels.length; index += 1) pixels[index] = Math.min(255, Math.max(0, pixels[index] + grain[index] - 128));
  await sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality, progressive, chromaSubsampling: "4:2:0" }).toFile(file);
}
