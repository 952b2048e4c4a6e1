/** The widths of the built-in policy, in pixels. Those of unsigned requests are rounded up to the next one. */
export const LADDER: readonly number[] = [
  16, 32, 48, 64, 96, 128, 256, 384, 480, 640, 750, 828, 1080, 1200, 1440, 1920, 2048, 2560, 3840,
];

/** The width of a ladder that serves an unsigned request for `width` pixels. */
export function rungFor(width: number, ladder: readonly number[] = LADDER): number {
  return ladder.find((rung) => rung >= width) ?? ladder.at(-1) ?? width;
}
