// The requested variant, and its format for a class of viewers.

// The requested variant in canonical values, before policy and negotiation; undefined for the original.
function requestedVariant(values) {
  if (Object.keys(values).every(name => ORIGINAL_PARAMETERS.includes(name))) return undefined;
  if (values.original !== undefined) refuseValue('original');
  const variant = Object.assign({}, values);

  variant.isFocused = variant['fp-x'] !== undefined || variant['fp-y'] !== undefined;
  if (variant.isFocused && variant.crop && variant.crop !== 'focalpoint') refuseValue('crop');
  const hasOneSide = !variant.w !== !variant.h;
  if (variant.ar && !(isCrop(variant.fit) && hasOneSide)) refuseValue('ar');
  if (variant.fm === 'json') return { fm: 'json', v: variant.v };
  resolveSides(variant);
  resolveFit(variant);
  // A vertical flip equals a horizontal flip and half a turn: each of the eight turns has one canonical form.
  const halfTurns = /v/.test(variant.flip) ? 180 : 0;
  variant.rot = (Number(variant.rot || 0) + halfTurns) % 360;
  variant.flip = variant.flip && variant.flip !== 'hv' ? 'h' : '';
  variant.fm = variant.fm || 'auto';
  if (variant.fm === 'jpg') variant.fm = 'jpeg';
  return variant;
}

// The variant for a class of viewers: with the negotiated format, and without parameters that don't apply to it.
function negotiated(variant, name) {
  const result = Object.assign({}, variant);
  if (variant.fm === 'auto') result.fm = 'auto.' + name;
  if (!/webp|\.avif/.test(result.fm)) result.lossless = '';
  if (result.lossless || /png|gif/.test(result.fm)) result.q = 0;
  return result;
}
