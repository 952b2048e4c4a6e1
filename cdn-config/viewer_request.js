// Path, query and Accept in, a canonical path or an error out: the grammar of contract/src/request.rs for the runtime
// cloudfront-js-2.0. Both must agree with fixtures/requests.json. The key-value store has the policy, the sentences of
// errors and the keys of signed links. build.mjs minifies this file into dist/viewer_request.js, which is deployed.
import cf from 'cloudfront';
import crypto from 'crypto';

const kvs = cf.kvs();
const words = text => text.split(' ');

// The header that passes the file name of a download to the viewer-response function. A viewer's header is removed.
const DOWNLOAD = 'x-tintype-download';
const MAX_NAME_BYTES = 200;
const MAX_SIDE = 8192;
const MIN_SECRET_BYTES = 32;
const GRAVITIES = 'center top bottom left right top,left top,right bottom,left bottom,right';
// The values of `crop` that depend on the picture.
const SMART = 'entropy attention';

// The parsers of values, in the order of checks. They return undefined if the value isn't allowed.
const PARSERS = {
  preset: text => text,
  w: number(1, 1e6, 0),
  h: number(1, 1e6, 0),
  dpr: number(500, 5000, 3),
  fit: oneOf('max clip crop min fill fillmax scale'),
  enlarge: oneOf('1'),
  crop: gravity,
  'fp-x': thousandths,
  'fp-y': thousandths,
  ar: ratio,
  rect: rectangle,
  rot: oneOf('0 90 180 270'),
  flip: oneOf('h v hv'),
  trim: text => text === 'auto' ? text : color(text),
  blur: number(0, 2000, 0),
  sharp: number(0, 100, 0),
  bg: color,
  q: text => text === 'auto' ? text : number(1, 100, 0)(text),
  lossless: oneOf('1'),
  frame: number(1, 65535, 0),
  explain: oneOf('1'),
  fm: oneOf('jpeg jpg png webp avif gif json auto'),
  auto: text => matches(text, /^(format|compress)(,(format|compress))*/) || undefined,
  v: text => matches(text, /^[\w.:~-]{0,32}/) ? escaped(text) : undefined,
  dl: text => byteLength(text) > MAX_NAME_BYTES || /[\x00-\x1f\x7f/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text) ? undefined : text,
  original: text => text,
  expires: text => matches(text, /^[0-9]+/) && text >= 1e9 && text <= 4294967295 ? Number(text) : undefined,
  s: text => text,
};
const NAMES = Object.keys(PARSERS);
// The canonical name for each name and alias.
const CANONICAL_NAMES = Object.assign(Object.create(null), {
  p: 'preset', width: 'w', height: 'h', gravity: 'crop', background: 'bg', quality: 'q', page: 'frame', format: 'fm',
  f: 'fm',
});
NAMES.forEach(name => { CANONICAL_NAMES[name] = name; });
const KNOWN_NAMES = Object.keys(CANONICAL_NAMES).sort();
// Parameters of imgix that are near to those, but no mistakes.
const FOREIGN = words('dpi fp-z rott');

// Parameters that a request may give with a preset and still count as the preset itself.
const PRESET_PARAMETERS = words('preset fm auto v dl');
// Parameters that a request for the original may have.
const ORIGINAL_PARAMETERS = words('original v dl expires s');
// The canonical order of parameters, and those that each level opens to unsigned requests.
const CANONICAL = words('w h fit enlarge crop fp-x fp-y rect rot flip trim blur sharp bg q lossless frame explain v fm');
const LEVELS = { presets: '', widths: 'w q fm', sizes: 'w h fit crop q fm' };

async function handler(event) {
  const request = event.request;
  if (request.method === 'OPTIONS') return request;
  try {
    if (!['GET', 'HEAD'].includes(request.method)) refuse(405, 'method');
    const key = keyOf(request.uri);
    const path = key.map(escaped).join('/');
    const policy = await kvs.get('policy', { format: 'json' });
    const sent = queryValues(request.querystring, policy);
    const expanded = await expandPreset(sent);
    const values = await parsedValues(expanded);
    const variant = requestedVariant(values);
    const isSigned = values.s !== undefined || values.expires;
    if (isSigned) await verify(path, variant, values);
    else if (path.startsWith('/private/')) refuse(403, 'private');
    if (variant) {
      const isPreset = sent.preset && Object.keys(sent).every(name => PRESET_PARAMETERS.includes(name));
      const isFree = isSigned || isPreset || policy.unsigned === 'open';
      // The caller chooses the version: without a signature it would allow any number of variants.
      if (!isSigned) variant.v = '';
      const ofClass = negotiated(variant, acceptClass(request.headers.accept));
      request.uri = path + '/' + canonical(isFree ? ofClass : applyPolicy(ofClass, policy, values));
      cf.createRequestOriginGroup({
        originIds: [{ originId: 'variants' }, { originId: 'resize' }],
        failoverCriteria: { statusCodes: [400, 403, 404] },
      });
    } else {
      // S3 reads a percent-encoded path.
      request.uri = key.map(segment => encodeURIComponent(segment)).join('/');
      cf.selectRequestOriginById('originals');
    }
    request.querystring = {};
    delete request.headers[DOWNLOAD];
    if (values.dl !== undefined) request.headers[DOWNLOAD] = { value: 'dl=' + encodeURIComponent(values.dl) };
    return request;
  } catch (error) {
    return problem(error).catch(unavailable);
  }
}

// `sentence` is the key of a sentence in the store. Its first placeholder is for `allowed`, if that is given.
function refuse(status, sentence, parameter, allowed) {
  throw { status: status, sentence: sentence, parameter: parameter, allowed: allowed };
}

function refuseValue(name) {
  refuse(400, name, name);
}

async function problem(error) {
  const kind = await kvs.get('problem/' + error.status, { format: 'json' });
  const detail = await kvs.get('detail/' + error.sentence);
  const withAllowed = error.allowed ? detail.replace('%', error.allowed) : detail;
  return answer(kind, withAllowed.replace('%', () => error.parameter), error.parameter);
}

function unavailable() {
  const kind = { status: 503, name: 'storage-unavailable', title: "The storage doesn't answer", cache: 'no-store' };
  return answer(kind, "the policy can't be read");
}

function answer(kind, detail, parameter) {
  const headers = {
    'content-type': { value: 'application/problem+json' },
    'x-content-type-options': { value: 'nosniff' },
    'cache-control': { value: kind.cache },
  };
  if (kind.status === 405) headers.allow = { value: 'GET, HEAD, OPTIONS' };
  const type = 'urn:problem-type:tintype:' + kind.name;
  const problem = { type: type, title: kind.title, status: kind.status, detail: detail, parameter: parameter };
  return { statusCode: kind.status, headers: headers, body: JSON.stringify(problem) };
}

// The decoded segments of a file's path.
function keyOf(path) {
  const text = decoded(path);
  if (text === undefined) refuse(400, 'encoding');
  if (byteLength(text) > 1025) refuse(400, 'length');
  const isBelowArea = /^\/(files|private|videos)\/[\s\S]/.test(text);
  if (!isBelowArea) refuse(404, 'area');
  const hasForbiddenSegment = /[\x00-\x1f\x7f]|\/\.{0,2}(\/|$)/.test(text);
  if (hasForbiddenSegment) refuse(400, 'segment');
  // Viewers must not send canonical paths, which would bypass the policy.
  if (/[/,]fm=[a-z.]+$/.test(text)) refuse(404, 'canonical');
  return text.split('/');
}

// The values of the query by canonical name, percent-decoded. Each may be given once.
function queryValues(query, policy) {
  const found = {};
  const unknown = [];
  Object.keys(query).forEach(raw => {
    const text = component(raw) || '';
    const name = CANONICAL_NAMES[text];
    if (name) found[name] = (found[name] || []).concat(query[raw].multiValue || query[raw]);
    else unknown.push(text);
  });
  unknown.sort().forEach(name => {
    const meant = !FOREIGN.includes(name) && KNOWN_NAMES.find(known => isNear(known, name));
    if (meant) refuse(400, 'misspelt', name, meant);
  });
  const isRejected = policy.unknown === 'refused' && unknown.length;
  if (isRejected) refuse(400, 'unknown', unknown[0]);
  const values = {};
  NAMES.filter(name => found[name]).forEach(name => {
    const sent = found[name];
    if (sent.length > 1) refuse(400, 'repeated', name);
    values[name] = component(sent[0].value);
    if (values[name] === undefined) refuse(400, 'escape', name);
  });
  return values;
}

// Adds the values of the preset. Values of the query win.
async function expandPreset(values) {
  if (values.preset === undefined) return values;
  const key = 'preset/' + values.preset;
  const isPreset = matches(values.preset, /^[a-z0-9-]{1,32}/) && await kvs.exists(key);
  if (!isPreset) refuseValue('preset');
  const preset = await kvs.get(key, { format: 'json' });
  return Object.assign(preset, values);
}

// The parsed values.
async function parsedValues(values) {
  const parsed = {};
  const names = NAMES.filter(name => values[name] !== undefined);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i];
    parsed[name] = await PARSERS[name](values[name]);
    if (parsed[name] === undefined) refuseValue(name);
  }
  return parsed;
}

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

// A signature is valid for one key, one variant and one expiry time, and for all classes of a negotiated format.
async function verify(path, requested, values) {
  const lossless = requested && requested.lossless ? ',lossless=1' : '';
  const variant = requested ? '/' + canonical(negotiated(requested, 'base')).replace(/\.base$/, lossless) : '';
  const text = path + variant + (values.expires ? '?expires=' + values.expires : '');
  const keys = await kvs.exists('signing') ? (await kvs.get('signing')).split(',') : [];
  // An empty or short key, such as one behind a comma too many, would let anyone sign.
  const sound = keys.filter(key => byteLength(key) >= MIN_SECRET_BYTES);
  const codes = sound.map(key => crypto.createHmac('sha256', key).update(text).digest('base64url'));
  const isValid = codes.map(code => isSame(code, values.s || '')).includes(true);
  if (!isValid) refuse(403, 'signature', 's');
  if (Date.now() >= values.expires * 1000) refuse(410, 'expired', 'expires');
}

// Compares in constant time.
function isSame(code, signature) {
  let difference = code.length ^ signature.length;
  for (let i = 0; i < code.length; i += 1) difference |= code.charCodeAt(i) ^ signature.charCodeAt(i);
  return difference === 0;
}

// Converts the sides to device pixels, and computes a missing side from the ratio.
function resolveSides(variant) {
  const w = scaled(variant.w, variant);
  const h = scaled(variant.h, variant);
  const isBox = /^(max|clip)$/.test(variant.fit || 'max');
  const ratio = variant.ar || w && h && !isBox && [w, h];
  if (ratio) limit(variant, w || times(h, ratio[0], ratio[1]), h || times(w, ratio[1], ratio[0]), ratio);
  else {
    variant.w = w && Math.min(w, MAX_SIDE);
    variant.h = h && Math.min(h, MAX_SIDE);
  }
}

// Sets the sides. If one is longer than MAX_SIDE, the longer one becomes MAX_SIDE and the other one follows from the ratio.
function limit(variant, w, h, ratio) {
  const isHigh = ratio[0] < ratio[1];
  const isLong = Math.max(w, h) > MAX_SIDE;
  variant.w = !isLong ? w : isHigh ? times(MAX_SIDE, ratio[0], ratio[1]) : MAX_SIDE;
  variant.h = !isLong ? h : isHigh ? MAX_SIDE : times(MAX_SIDE, ratio[1], ratio[0]);
}

// Device pixels, rounded half up.
function scaled(pixels, values) {
  return pixels && Math.floor((pixels * (values.dpr || 1000) + 500) / 1000);
}

// Rounded half up, at least 1.
function times(length, numerator, denominator) {
  return Math.max(1, Math.floor(length * numerator / denominator + 0.5));
}

// Removes fit, crop and focal point if they have no effect.
function resolveFit(variant) {
  const mayEnlarge = words('clip fill scale').includes(variant.fit) || variant.enlarge && variant.fit !== 'min';
  const isBox = variant.w && variant.h;
  let fit = isBox && variant.fit || 'max';
  if (mayEnlarge && (variant.w || variant.h)) fit = { max: 'clip', fillmax: 'fill' }[fit] || fit;
  variant.fit = isCrop(fit) ? 'crop' : fit.replace(/^max/, '');

  const focus = [variant['fp-x'], variant['fp-y']].map(at => at === undefined ? 500 : at);
  const isFocused = variant.crop === 'focalpoint' || variant.isFocused;
  const isCentered = focus.join() === '500,500';
  if (!isCrop(fit)) variant.crop = variant.enlarge = '';
  variant.enlarge = mayEnlarge && variant.enlarge;
  ['fp-x', 'fp-y'].forEach((name, i) => {
    variant[name] = isCrop(fit) && isFocused && !isCentered ? String(focus[i] / 1000) : '';
  });
  if (/center|focalpoint/.test(variant.crop)) variant.crop = '';
}

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
  variant.q = nextUp(policy.qualities, variant.q);
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

// A number in units of its last kept decimal, rounded down.
function number(min, max, decimals) {
  return text => {
    const parts = text.split('.');
    const isNumber = matches(text, /^[0-9]+(\.[0-9]+)?/);
    const units = isNumber ? Math.min(parts[0] + ((parts[1] || '') + '000').slice(0, decimals), max) : -1;
    return units < min ? undefined : units;
  };
}

function oneOf(list) {
  return text => words(list).find(word => word === text);
}

function thousandths(text) {
  return matches(text, /^[0-9]*\.?[0-9]+/) ? Math.round(Math.min(text, 1) * 1000) : undefined;
}

function gravity(text) {
  const found = oneOf(GRAVITIES)(text) || oneOf(GRAVITIES)(text.split(',').reverse().join());
  return found ? found.replace(',', '-') : oneOf('focalpoint ' + SMART)(text);
}

function ratio(text) {
  const isRatio = matches(text, /^[0-9]{1,4}(\.[0-9]+)?:[0-9]{1,4}(\.[0-9]+)?/);
  const sides = isRatio ? text.split(':').map(number(1, 1e7, 3)) : [];
  return sides[0] && sides[1] ? sides : undefined;
}

function rectangle(text) {
  const sides = text.split(',').map(number(0, 1e6, 0));
  const isFour = sides.length === 4 && !sides.includes(undefined);
  return isFour && sides[2] && sides[3] ? sides.join('-') : undefined;
}

// The colour as rrggbb, or as aarrggbb if it isn't opaque.
async function color(text) {
  if (matches(text, /^[0-9a-fA-F]+/) && [3, 4, 6, 8].includes(text.length)) {
    const digits = (text.length < 5 ? text.replace(/./g, '$&$&') : text).toLowerCase();
    return digits.replace(/^ff(?=.{6})/, '');
  }
  const key = 'color/' + text;
  const isName = text.length < 32 && matches(text, /^[a-z]+/) && await kvs.exists(key);
  return isName ? kvs.get(key) : undefined;
}

function acceptClass(header) {
  const best = { 'image/avif': 0, 'image/webp': 0 };
  const lines = header ? header.multiValue || [header] : [];
  lines.map(line => line.value).join().replace(/[ \t]/g, '').split(',').forEach(range => {
    const parts = range.split(';');
    const type = parts[0].toLowerCase();
    const q = parts.slice(1).find(part => /^[qQ]=/.test(part));
    if (type in best) best[type] = Math.max(best[type], q === undefined ? 1 : weight(q.slice(2)));
  });
  if (best['image/webp'] > best['image/avif']) return 'webp';
  return best['image/avif'] ? 'avif' : 'base';
}

// A weight of RFC 9110, section 12.4.2; 0 if it is malformed.
function weight(text) {
  return matches(text, /^(0(\.[0-9]{0,3})?|1(\.0{0,3})?)/) ? Number(text) : 0;
}

// True if two different names of at least three letters differ by one: wrong, missing, too much, or two neighbours swapped.
function isNear(known, unknown) {
  if (Math.min(known.length, unknown.length) < 3 || Math.abs(known.length - unknown.length) > 1) return false;
  let same = 0;
  while (known[same] === unknown[same]) same += 1;
  const a = known.slice(same);
  const b = unknown.slice(same);
  const isSwapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return isSwapped || a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1);
}

// True if the pattern matches the whole text. `$` isn't used because it also matches before a final newline here.
function matches(text, pattern) {
  const found = text.match(pattern);
  return found !== null && found[0] === text;
}

// The spelling of canonical paths, as in contract/src/escape.rs: Lambda would refuse CloudFront's signature of a path with
// a percent sign.
function escaped(text) {
  const byte = char => '%' + char.charCodeAt(0).toString(16).toUpperCase();
  return encodeURIComponent(text).replace(/[!'()*~]/g, byte).replace(/%/g, '~');
}

// Decodes a name or a value of a query; undefined if an escape is broken.
function component(text) {
  return decoded(text.replace(/\+/g, ' '));
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return undefined;
  }
}

function byteLength(text) {
  return encodeURIComponent(text).replace(/%../g, '_').length;
}
