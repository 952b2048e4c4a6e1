// The requested variant, and its format for a class of viewers.

// The requested variant in canonical values, before policy and negotiation; undefined for the original.
function requestedVariant(values) {
  if (hasOnly(values, ORIGINAL_PARAMETERS)) return undefined;
  if ('original' in values) refuseValue('original');
  const variant = Object.assign({}, values);

  if ('fp-x' in variant || 'fp-y' in variant) {
    if ((variant.crop || 'focalpoint') !== 'focalpoint') refuseValue('crop');
    variant.crop = 'focalpoint';
  }
  const hasOneSide = !variant.w !== !variant.h;
  if (variant.ar && !(isCrop(variant.fit) && hasOneSide)) refuseValue('ar');
  if (variant.fm === 'json') return { fm: 'json', v: variant.v };
  resolveSides(variant);
  resolveFit(variant);
  // A vertical flip equals a horizontal flip and half a turn: each of the eight turns has one canonical form.
  const halfTurns = /v/.test(variant.flip) ? 180 : 0;
  variant.rot = (Number(variant.rot || 0) + halfTurns) % 360;
  variant.flip = /^.$/.test(variant.flip) ? 'h' : '';
  variant.fm = (variant.fm || 'auto').replace('jpg', 'jpeg');
  return variant;
}

// The version of a mark. A changed mark has another one, and so its variants have other paths.
async function versionOf(mark) {
  const key = 'mark/' + mark;
  if (!await kvs.exists(key)) refuseValue('mark');
  return kvs.get(key);
}

// The variant for a class of viewers: with the negotiated format, and without parameters that don't apply to it.
function negotiated(variant, name) {
  const result = Object.assign({}, variant);
  if (variant.fm === 'auto') result.fm = 'auto.' + name;
  if (!/webp|\.avif/.test(result.fm)) result.lossless = '';
  if (result.lossless || /png|gif/.test(result.fm)) result.q = 0;
  return result;
}
