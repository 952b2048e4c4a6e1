/** A length: pixels, or a CSS length such as `50vw`. */
export type Length = number | string;

/**
 * The attribute `sizes`: the picture's layout width for each media condition, in the order in which the browser tries them.
 * A key that is a length, such as `60em`, is a minimum width of the viewport. Widths that match no condition are `otherwise`.
 */
export function sizes(conditions: Readonly<Record<string, Length>>, otherwise: Length = "100vw"): string {
  const rows = Object.entries(conditions).map(([condition, length]) => `${media(condition)} ${css(length)}`);
  return [...rows, css(otherwise)].join(", ");
}

function media(condition: string): string {
  return /^[\d.]+[a-z]+$/.test(condition) ? `(min-width: ${condition})` : condition;
}

function css(length: Length): string {
  return typeof length === "number" ? `${length}px` : length;
}
