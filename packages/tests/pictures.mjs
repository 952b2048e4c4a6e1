import { deflateSync } from "node:zlib";

/** The colours of the quarters: upper left, upper right, lower left, lower right. */
export const QUARTERS = [
  [220, 30, 30],
  [30, 180, 30],
  [30, 30, 220],
  [230, 220, 40],
];

/** A PNG of four quarters. */
export function png(width, height) {
  const row = (y) => {
    const bytes = Buffer.alloc(1 + 3 * width);
    for (let x = 0; x < width; x += 1) bytes.set(colorAt(x, y, width, height), 1 + 3 * x);
    return bytes;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, (_, y) => row(y))));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** A BMP of four quarters, of 3 bytes a pixel: a large file that is a picture. `width` is a multiple of four. */
export function bmp(width, height) {
  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(54 + 3 * width * height, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const row = (y) => {
    const half = (x) => Buffer.alloc((3 * width) / 2, Buffer.from([...colorAt(x, y, width, height)].reverse()));
    return Buffer.concat([half(0), half(width - 1)]);
  };
  // The lowest row comes first.
  return Buffer.concat([header, ...Array.from({ length: height }, (_, y) => row(height - 1 - y))]);
}

function colorAt(x, y, width, height) {
  return QUARTERS[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)];
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const sides = Buffer.alloc(8);
  sides.writeUInt32BE(data.length, 0);
  sides.writeUInt32BE(crc(body), 4);
  return Buffer.concat([sides.subarray(0, 4), body, sides.subarray(4)]);
}

/** CRC-32 of ISO 3309. */
function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
