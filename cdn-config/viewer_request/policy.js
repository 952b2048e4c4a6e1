// What the policy allows without a signature, and the canonical text of a variant.

// Rounds the variant to the policy's steps, or refuses what needs a signature.
function applyPolicy(variant, policy, values) {
  const open = words(LEVELS[policy.unsigned]);
  const needsSignature = {
    fit: variant.fit !== 'crop',
    crop: SMART.includes(variant.crop),
    q: variant.q === 'auto',
  };
  // The parameters that give these values of the variant.
  const sources = { w: values.w ? 'w' : 'ar', h: values.h ? 'h' : 'ar', rot: values.rot ? 'rot' : 'flip' };
  const denied = CANONICAL.find(name => variant[name] && (needsSignature[name] || !open.includes(name)));
  if (denied) refuse(403, 'unsigned', sources[denied] || denied);

  const nextUp = (steps, value) => value ? steps.find(step => step >= value) || steps[steps.length - 1] : value;
  // The default quality takes the place of the highest step that isn't above it, and is left out.
  const standard = policy.defaults[variant.fm.replace('auto.', '').replace('base', 'jpeg')];
  const replaced = policy.qualities.filter(step => step <= standard).pop();
  variant.q = nextUp(policy.qualities.map(step => step === replaced ? standard : step), variant.q);
  if (variant.q === standard) variant.q = 0;
  if (variant.fit) {
    const shape = shapeOf(values, policy.shapes);
    if (!shape) refuse(403, 'shape', sources.h, policy.shapes.join(', '));
    const rung = nextUp(policy.ladder, scaled(values.w, values) || times(scaled(values.h, values), shape[0], shape[1]));
    const heightOf = w => times(w, shape[1], shape[0]);
    const w = policy.ladder.filter(step => step <= rung && heightOf(step) <= MAX_SIDE).pop() || policy.ladder[0];
    limit(variant, w, heightOf(w), shape);
  } else {
    variant.w = nextUp(policy.ladder, variant.w);
    variant.h = nextUp(policy.ladder, variant.h);
  }
  return variant;
}

// The first shape whose height for the requested width, or ratio, is nearest to the requested one and at most 1 apart.
function shapeOf(values, shapes) {
  const sides = values.ar || [values.w, values.h];
  const gap = shape => Math.abs(sides[1] * shape[0] - sides[0] * shape[1]) / shape[0];
  const ratios = shapes.map(shape => shape.split(':').map(Number));
  const nearest = ratios.reduce((best, shape) => gap(shape) < gap(best) ? shape : best);
  return gap(nearest) <= 1 ? nearest : undefined;
}

function canonical(variant) {
  return CANONICAL.filter(name => variant[name]).map(name => `${name}=${variant[name]}`).join();
}

function isCrop(fit) {
  return fit === 'crop' || fit === 'min';
}
