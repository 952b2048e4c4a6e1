// Sides and fit in their canonical form.

// Converts the sides to device pixels, and computes a missing side from the ratio.
function resolveSides(variant) {
  const w = scaled(variant.w, variant);
  const h = scaled(variant.h, variant);
  const isBox = /^(max|clip)$/.test(variant.fit || 'max');
  const ratio = variant.ar || w && h && !isBox && [w, h];
  if (ratio) limit(variant, w || widthOf(h, ratio), h || heightOf(w, ratio), ratio);
  else {
    variant.w = w && Math.min(w, MAX_SIDE);
    variant.h = h && Math.min(h, MAX_SIDE);
  }
}

// Sets the sides. If one is longer than MAX_SIDE, the longer one becomes MAX_SIDE and the other one follows from the ratio.
function limit(variant, w, h, ratio) {
  const isLong = Math.max(w, h) > MAX_SIDE;
  variant.w = isLong ? Math.min(widthOf(MAX_SIDE, ratio), MAX_SIDE) : w;
  variant.h = isLong ? Math.min(heightOf(MAX_SIDE, ratio), MAX_SIDE) : h;
}

// Device pixels, rounded half up.
function scaled(pixels, values) {
  return pixels && Math.floor((pixels * (values.dpr || 1000) + 500) / 1000);
}

// Rounded half up, at least 1.
function widthOf(height, ratio) {
  return Math.max(1, Math.floor(height * ratio[0] / ratio[1] + 0.5));
}

function heightOf(width, ratio) {
  return widthOf(width, [ratio[1], ratio[0]]);
}

// Removes fit, crop and focal point if they have no effect.
function resolveFit(variant) {
  const mayEnlarge = /clip|fill$|scale/.test(variant.fit) || variant.enlarge && variant.fit !== 'min';
  const isBox = variant.w && variant.h;
  let fit = isBox && variant.fit || 'max';
  if (mayEnlarge && (variant.w || variant.h)) fit = { max: 'clip', fillmax: 'fill' }[fit] || fit;
  variant.fit = isCrop(fit) ? 'crop' : fit.replace(/^max/, '');

  const focus = [variant['fp-x'], variant['fp-y']].map(at => at === undefined ? 500 : at);
  if (!isCrop(fit)) variant.crop = variant.enlarge = '';
  const isFocused = variant.crop === 'focalpoint' && focus.join() !== '500,500';
  variant.enlarge = mayEnlarge && variant.enlarge;
  ['fp-x', 'fp-y'].forEach((name, i) => {
    variant[name] = isFocused ? String(focus[i] / 1000) : '';
  });
  if (/center|focalpoint/.test(variant.crop)) variant.crop = '';
}
