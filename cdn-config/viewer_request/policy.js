// What the policy allows without a signature, and the canonical text of a variant.

// Rounds the variant to the policy's steps, or refuses what needs a signature.
function applyPolicy(variant, policy, values) {
  const needsSignature = {
    fit: variant.fit !== 'crop',
    crop: SMART.includes(variant.crop),
    q: variant.q === 'auto',
  };
  // The parameters that give these values of the variant.
  const sources = { w: values.w ? 'w' : 'ar', h: values.h ? 'h' : 'ar', rot: values.rot ? 'rot' : 'flip' };
  const denied = CANONICAL.find(name => variant[name] && (needsSignature[name] || !policy.opens.includes(name)));
  if (denied) refuse('unsigned', sources[denied] || denied);

  const nextUp = (steps, value) => value ? steps.find(step => step >= value) || steps[steps.length - 1] : value;
  // The default quality takes the place of the highest step that isn't above it, and is left out.
  const standard = policy.defaults[variant.fm.replace('auto.', '')];
  const replaced = policy.qualities.filter(step => step <= standard).pop();
  variant.q = nextUp(policy.qualities.map(step => step === replaced ? standard : step), variant.q);
  if (variant.q === standard) variant.q = 0;
  if (variant.fit) {
    const shape = shapeOf(values, policy.shapes);
    if (!shape) refuse('shape', sources.h);
    const rung = nextUp(policy.ladder, scaled(values.w, values) || widthOf(scaled(values.h, values), shape));
    const isAllowed = step => step <= rung && heightOf(step, shape) <= MAX_SIDE;
    const w = policy.ladder.filter(isAllowed).pop() || policy.ladder[0];
    limit(variant, w, heightOf(w, shape), shape);
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
  const nearest = shapes.reduce((best, shape) => gap(shape) < gap(best) ? shape : best);
  return gap(nearest) <= 1 ? nearest : undefined;
}

function canonical(variant) {
  return CANONICAL.filter(name => variant[name]).map(name => `${name}=${variant[name]}`).join();
}

function isCrop(fit) {
  return /crop|min/.test(fit);
}
