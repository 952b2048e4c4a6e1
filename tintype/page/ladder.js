import { ladder } from "../../cdn-config/policy.json";

/** The widths in the table, in pixels. */
const TABLE_WIDTHS = [256, 640, 1080, 1920, 3840];

/** The width at which the table compares formats, in pixels. */
const FORMAT_WIDTH = 640;

const FORMATS = ["avif", "webp", "jpeg", "png"];

/** The assumed width of a source whose width isn't known, in pixels: that of a common screen. */
const UNKNOWN_WIDTH = 1920;

/** The smallest candidate of a picture that fills a column, in pixels. */
const MIN_CANDIDATE = 256;

export const rungs = ladder;

/** The rung that serves a request for `width` pixels. */
export function rungFor(width) {
  return ladder.find((rung) => rung >= width) ?? ladder.at(-1);
}

/**
 * The `srcset` of a picture of `width` pixels: each rung below its width, and the first rung of at least its width. The
 * last descriptor is the picture's own width, since pictures are never enlarged.
 */
export function srcset(path, width = UNKNOWN_WIDTH) {
  const below = ladder.filter((rung) => rung >= MIN_CANDIDATE && rung < width);
  const full = rungFor(width);
  return [
    ...below.map((rung) => `${path}?w=${rung} ${rung}w`),
    `${path}?w=${full} ${Math.min(width, full)}w`,
  ].join(", ");
}

/**
 * The queries of the table for a picture of `width` pixels, in order: some widths in the negotiated format, then one width
 * in each format. `shown` is the width that the page itself will request.
 */
export function tableQueries(width = UNKNOWN_WIDTH, shown) {
  const isUseful = (rung) => rung <= rungFor(width);
  const widths = [...new Set([...TABLE_WIDTHS.filter(isUseful), shown])].sort((a, b) => a - b);
  const formatWidth = formatWidthOf(width);
  return [...widths.map((rung) => `w=${rung}`), ...FORMATS.map((format) => `w=${formatWidth}&fm=${format}`)];
}

/** The width at which the table compares formats of a picture of `width` pixels. */
export function formatWidthOf(width = UNKNOWN_WIDTH) {
  return Math.min(FORMAT_WIDTH, rungFor(width));
}
