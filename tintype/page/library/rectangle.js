/** Rectangles `{ x, y, w, h }` in whole pixels of a picture of the size `{ width, height }`. A `ratio` is width ÷ height, or undefined. */

/** The largest rectangle of a ratio in the middle of the picture. */
export function largest({ width, height }, ratio = width / height) {
  const w = Math.min(width, height * ratio);
  return rounded({ x: (width - w) / 2, y: (height - w / ratio) / 2, w, h: w / ratio });
}

/** The rectangle from a corner that stays to a point, within the picture. With a ratio, the farther side decides. */
export function between(corner, point, { width, height }, ratio) {
  const [right, down] = [point.x >= corner.x, point.y >= corner.y];
  const [mostW, mostH] = [right ? width - corner.x : corner.x, down ? height - corner.y : corner.y];
  let w = Math.min(mostW, Math.abs(point.x - corner.x));
  let h = Math.min(mostH, Math.abs(point.y - corner.y));
  if (ratio) {
    w = Math.min(Math.max(w, h * ratio), mostW, mostH * ratio);
    h = w / ratio;
  }
  return rounded({ x: right ? corner.x : corner.x - w, y: down ? corner.y : corner.y - h, w, h });
}

/** The rectangle moved, within the picture. */
export function moved({ x, y, w, h }, dx, dy, { width, height }) {
  const within = (value, most) => Math.min(Math.max(0, value), most);
  return rounded({ x: within(x + dx, width - w), y: within(y + dy, height - h), w, h });
}

/** `true` if a point is in a rectangle. */
export function contains({ x, y, w, h }, point) {
  return point.x >= x && point.x <= x + w && point.y >= y && point.y <= y + h;
}

/** The corner opposite to the one that is at most `distance` from a point. */
export function oppositeCorner({ x, y, w, h }, point, distance) {
  for (const [near, far] of [[x, x + w], [x + w, x]])
    for (const [above, below] of [[y, y + h], [y + h, y]])
      if (Math.hypot(point.x - near, point.y - above) <= distance) return { x: far, y: below };
  return undefined;
}

/** Rounds the edges, not the size: so an edge that stays doesn't move, and none leaves the picture. */
function rounded({ x, y, w, h }) {
  const [right, bottom] = [Math.round(x + w), Math.round(y + h)];
  const left = Math.min(Math.round(x), Math.max(0, right - 1));
  const top = Math.min(Math.round(y), Math.max(0, bottom - 1));
  return { x: left, y: top, w: Math.max(1, right - left), h: Math.max(1, bottom - top) };
}
