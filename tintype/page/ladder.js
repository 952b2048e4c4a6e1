import { ladder } from "../../cdn-config/policy.json";

/** The widths that the table shows. */
const TABLE_WIDTHS = [256, 640, 1080, 1920, 3840];

/** The width that formats are compared at. */
const FORMAT_WIDTH = 640;

const FORMATS = ["avif", "webp", "jpeg", "png"];

/** The widest rung where the source's width isn't known: a common screen's. */
const UNKNOWN_WIDTH = 1920;

/** The smallest rung worth a candidate of its own in a picture that fills a column. */
const NARROWEST_CANDIDATE = 256;

export const rungs = ladder;

/** The rung that a request for `width` pixels gets. */
export function rungFor(width) {
  return ladder.find((rung) => rung >= width) ?? ladder.at(-1);
}

/**
 * The `srcset` of a picture of `width` pixels: each rung below its width, and the one that gives it whole. The
 * last one's descriptor is the picture's own width, since nothing is enlarged.
 */
export function srcset(path, width = UNKNOWN_WIDTH) {
  const below = ladder.filter((rung) => rung >= NARROWEST_CANDIDATE && rung < width);
  const whole = rungFor(width);
  return [
    ...below.map((rung) => `${path}?w=${rung} ${rung}w`),
    `${path}?w=${whole} ${Math.min(width, whole)}w`,
  ].join(", ");
}

/**
 * The queries of the table for a picture of `width` pixels, in order: some widths in the format that the
 * browser gets by itself, then one width in each format. `shown` is the width that the page itself will ask for.
 */
export function tableQueries(width = UNKNOWN_WIDTH, shown) {
  const isUseful = (rung) => rung <= rungFor(width);
  const widths = [...new Set([...TABLE_WIDTHS.filter(isUseful), shown])].sort((a, b) => a - b);
  const formatWidth = formatWidthOf(width);
  return [...widths.map((rung) => `w=${rung}`), ...FORMATS.map((format) => `w=${formatWidth}&fm=${format}`)];
}

/** The width that formats are compared at, for a picture of `width` pixels. */
export function formatWidthOf(width = UNKNOWN_WIDTH) {
  return Math.min(FORMAT_WIDTH, rungFor(width));
}
