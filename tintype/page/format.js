/** Media types by file extension, for files whose type the browser doesn't know. */
const TYPES = {
  avif: "image/avif",
  bmp: "image/bmp",
  gif: "image/gif",
  heic: "image/heic",
  heif: "image/heif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  jxl: "image/jxl",
  m4v: "video/mp4",
  mkv: "video/x-matroska",
  mov: "video/quicktime",
  mp4: "video/mp4",
  png: "image/png",
  svg: "image/svg+xml",
  tif: "image/tiff",
  tiff: "image/tiff",
  webm: "video/webm",
  webp: "image/webp",
};

/** Names of media types that differ from their subtype. */
const TYPE_NAMES = {
  "audio/mp4": "M4A",
  "audio/mpeg": "MP3",
  "image/jxl": "JPEG XL",
  "image/svg+xml": "SVG",
  "image/vnd.microsoft.icon": "ICO",
  "image/webp": "WebP",
  "text/vtt": "WebVTT",
  "video/quicktime": "MOV",
  "video/webm": "WebM",
  "video/x-matroska": "MKV",
};

/** The media type of a file: the browser's, else that of its extension. */
export function typeOf(file) {
  const extension = file.name.split(".").pop().toLowerCase();
  return file.type || TYPES[extension] || "application/octet-stream";
}

/** The short name of a media type: `JPEG` for `image/jpeg; charset=x`. */
export function typeName(type) {
  const essence = type.split(";")[0].trim().toLowerCase();
  return TYPE_NAMES[essence] ?? essence.split("/").pop().replace(/^x-/, "").toUpperCase();
}

/** A number of bytes as text, in decimal units with three digits: `940 B`, `48.2 kB`, `2.41 MB`. */
export function bytesText(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const decimals = unit === 0 || amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2;
  return `${amount.toFixed(decimals)}\u00a0${units[unit]}`;
}

/** A time in milliseconds as text: `3.4 ms`, `84 ms`. */
export function timeText(milliseconds) {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)}\u00a0ms`;
}

/** A picture's size as text: `640 × 480`. */
export function sizeText({ width, height }) {
  return `${width}\u00a0×\u00a0${height}`;
}
