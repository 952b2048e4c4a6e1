// Path, query and Accept in, a canonical path or a problem out: the grammar of contract/src/request.rs for
// the runtime cloudfront-js-2.0. Both are held to fixtures/requests.json. The policy, every sentence and the keys of
// signed links lie in the key-value store. What is deployed is dist/viewer_request.js, which build.mjs makes of this.
import cf from 'cloudfront';
import crypto from 'crypto';

const kvs = cf.kvs();
const words = text => text.split(' ');

// Tells the function of the response how to name what is saved. Viewers may not send it.
const DISPOSITION = 'x-tintype-disposition';
const MAX_NAME_BYTES = 200;
const MAX_SIDE = 8192;
const MAX_EXPIRES = 4294967295;
const GRAVITIES = 'center top bottom left right top,left top,right bottom,left bottom,right';
// The values of `crop` that cost a look at the picture.
const SMART = 'entropy attention';

// The parameters in the order of checks: how each reads its text. Undefined is what isn't allowed.
const READERS = {
  preset: text => text,
  w: whole(1, MAX_SIDE),
  h: whole(1, MAX_SIDE),
  dpr: tenths,
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
  blur: whole(0, 2000),
  sharp: whole(0, 100),
  bg: color,
  q: text => text === 'auto' ? text : whole(1, 100)(text),
  lossless: oneOf('1'),
  frame: whole(1, 65535),
  explain: oneOf('1'),
  fm: oneOf('jpeg jpg png webp avif gif json auto'),
  auto: text => matches(text, /^(format|compress)(,(format|compress))*/) || undefined,
  v: text => matches(text, /^[\w.:~-]{0,32}/) ? text : undefined,
  dl: text => byteLength(text) > MAX_NAME_BYTES || /[\x00-\x1f\x7f/\\]/.test(text) ? undefined : text,
  original: text => text,
  expires: whole(1, MAX_EXPIRES),
  s: text => text,
};
const NAMES = Object.keys(READERS);
// The canonical name of every name.
const NAMED = Object.assign(Object.create(null), {
  p: 'preset', width: 'w', height: 'h', gravity: 'crop', background: 'bg', quality: 'q', page: 'frame', format: 'fm',
  f: 'fm',
});
NAMES.forEach(name => { NAMED[name] = name; });

// What a request may give beside a preset and get the preset as it stands.
const WITH_PRESET = words('preset fm auto v dl');
// What may be given where the original is meant.
const WITH_ORIGINAL = words('original v dl expires s');
// The canonical order, and what of it each level lets unsigned requests ask for.
const CANONICAL = words('w h fit enlarge crop fp-x fp-y rect rot flip trim blur sharp bg q lossless frame explain v fm');
const LEVELS = { presets: '', widths: 'w q fm', sizes: 'w h fit crop rot flip bg q fm' };

async function handler(event) {
  const request = event.request;
  if (request.method === 'OPTIONS') return request;
  try {
    if (!['GET', 'HEAD'].includes(request.method)) refuse(405, 'method');
    const path = keyPath(request.uri);
    const policy = await kvs.get('policy', { format: 'json' });
    const given = givenIn(request.querystring, policy);
    const all = await withPreset(given);
    const read = await valuesOf(all);
    const asked = askedFor(read);
    const isSigned = read.s !== undefined || read.expires;
    if (isSigned) await verify(path, asked, read);
    else if (path.startsWith('/private/')) refuse(403, 'private');
    if (asked) {
      const isPreset = given.preset && Object.keys(given).every(name => WITH_PRESET.includes(name));
      const isFree = isSigned || isPreset || policy.unsigned === 'open';
      // Versions are of the caller's own making: unsigned they would be variants without number.
      if (!isSigned) asked.v = '';
      const settled = ofClass(asked, acceptClass(request.headers.accept));
      request.uri = path + '/' + canonical(isFree ? settled : allowed(settled, policy));
      cf.createRequestOriginGroup({
        originIds: [{ originId: 'variants' }, { originId: 'resize' }],
        failoverCriteria: { statusCodes: [403, 404] },
      });
    } else {
      request.uri = path;
      cf.selectRequestOriginById('originals');
    }
    request.querystring = {};
    delete request.headers[DISPOSITION];
    if (read.dl !== undefined) request.headers[DISPOSITION] = { value: attachment(read.dl) };
    return request;
  } catch (error) {
    return problem(error).catch(unavailable);
  }
}

// With a sentence of the store, by its key.
function refuse(status, sentence, parameter) {
  throw { status: status, sentence: sentence, parameter: parameter };
}

function bad(name) {
  refuse(400, name, name);
}

async function problem(refusal) {
  const kind = await kvs.get('problem/' + refusal.status, { format: 'json' });
  const detail = await kvs.get('detail/' + refusal.sentence);
  return answer(kind, detail.replace('%', refusal.parameter), refusal.parameter);
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
  const type = 'urn:problem-type:tintype:' + kind.name;
  const problem = { type: type, title: kind.title, status: kind.status, detail: detail, parameter: parameter };
  return { statusCode: kind.status, headers: headers, body: JSON.stringify(problem) };
}

// The one spelling of a path that names a file.
function keyPath(path) {
  const text = decoded(path);
  if (text === undefined) refuse(400, 'encoding');
  if (byteLength(text) > 1025) refuse(400, 'length');
  const isBelowArea = /^\/(files|private|videos)\/[\s\S]/.test(text);
  if (!isBelowArea) refuse(404, 'area');
  const isOdd = /[\x00-\x1f\x7f]|\/\.{0,2}(\/|$)/.test(text);
  if (isOdd) refuse(400, 'segment');
  // The origin's grammar is not for viewers: it would lead around the ladder.
  if (/[/,]fm=[a-z.]+$/.test(text)) refuse(404, 'canonical');
  return text.split('/').map(segment => encodeURIComponent(segment)).join('/');
}

// The values given, unescaped, by canonical name, each once.
function givenIn(query, policy) {
  const found = {};
  const unknown = [];
  Object.keys(query).forEach(raw => {
    const text = component(raw) || '';
    const name = NAMED[text];
    if (name) found[name] = (found[name] || []).concat(query[raw].multiValue || query[raw]);
    else unknown.push(text);
  });
  const isRefused = policy.unknown === 'refused' && unknown.length;
  if (isRefused) refuse(400, 'unknown', unknown.sort()[0]);
  const given = {};
  NAMES.filter(name => found[name]).forEach(name => {
    const values = found[name];
    if (values.length > 1) refuse(400, 'repeated', name);
    given[name] = component(values[0].value);
    if (given[name] === undefined) refuse(400, 'escape', name);
  });
  return given;
}

// What a preset sets, unless it is given too.
async function withPreset(given) {
  if (given.preset === undefined) return given;
  const key = 'preset/' + given.preset;
  const isPreset = matches(given.preset, /^[a-z0-9-]{1,32}/) && await kvs.exists(key);
  if (!isPreset) bad('preset');
  const preset = await kvs.get(key, { format: 'json' });
  return Object.assign(preset, given);
}

// The values given, each read.
async function valuesOf(given) {
  const read = {};
  const names = NAMES.filter(name => given[name] !== undefined);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i];
    read[name] = await READERS[name](given[name]);
    if (read[name] === undefined) bad(name);
  }
  return read;
}

// What is asked for, whatever the policy and the viewer, in canonical values; undefined where the original is meant.
function askedFor(read) {
  if (Object.keys(read).every(name => WITH_ORIGINAL.includes(name))) return undefined;
  if (read.original !== undefined) bad('original');
  const asked = Object.assign({}, read);

  asked.isFocused = asked['fp-x'] !== undefined || asked['fp-y'] !== undefined;
  if (asked.isFocused && asked.crop && asked.crop !== 'focalpoint') bad('crop');
  const hasOneSide = !asked.w !== !asked.h;
  if (asked.ar && !(isCrop(asked.fit) && hasOneSide)) bad('ar');
  if (asked.fm === 'json') return { fm: 'json', v: asked.v };
  resolveSides(asked);
  resolveFit(asked);
  // Upside down and mirrored is mirrored and half a turn: each of the eight ways to turn has one spelling.
  const halfTurns = /v/.test(asked.flip) ? 180 : 0;
  asked.rot = (Number(asked.rot || 0) + halfTurns) % 360;
  asked.flip = asked.flip && asked.flip !== 'hv' ? 'h' : '';
  asked.fm = asked.fm || 'auto';
  if (asked.fm === 'jpg') asked.fm = 'jpeg';
  return asked;
}

// The same for a class of viewers: with the format that it negotiates, and what means something for that.
function ofClass(asked, name) {
  const settled = Object.assign({}, asked);
  if (asked.fm === 'auto') settled.fm = 'auto.' + name;
  if (!/webp|\.avif/.test(settled.fm)) settled.lossless = '';
  if (settled.lossless || /png|gif/.test(settled.fm)) settled.q = 0;
  return settled;
}

// A signature holds for one key, one variant and one end: of a negotiated format, for whoever negotiates.
async function verify(path, asked, read) {
  const unsettled = asked && asked.lossless ? ',lossless=1' : '';
  const variant = asked ? '/' + canonical(ofClass(asked, 'base')).replace(/\.base$/, unsettled) : '';
  const text = path + variant + (read.expires ? '?expires=' + read.expires : '');
  const keys = await kvs.exists('signing') ? (await kvs.get('signing')).split(',') : [];
  const codes = keys.map(key => crypto.createHmac('sha256', key).update(text).digest('base64url'));
  const isOfAny = codes.map(code => isSame(code, read.s || '')).includes(true);
  if (!isOfAny) refuse(403, 'signature', 's');
  if (Date.now() >= read.expires * 1000) refuse(410, 'expired', 'expires');
}

// Takes as long for a wrong code as for a right one.
function isSame(code, given) {
  let difference = code.length ^ given.length;
  for (let i = 0; i < code.length; i += 1) difference |= code.charCodeAt(i) ^ given.charCodeAt(i);
  return difference === 0;
}

// In device pixels; a ratio gives the missing side.
function resolveSides(asked) {
  const side = pixels => pixels && Math.max(1, Math.min(Math.floor(pixels + 0.5), MAX_SIDE));
  const scaled = pixels => side(pixels && pixels * (asked.dpr || 10) / 10);
  const w = scaled(asked.w);
  const h = scaled(asked.h);
  const ar = asked.ar || [NaN, NaN];
  asked.w = w || side(h * ar[0] / ar[1]);
  asked.h = h || side(w * ar[1] / ar[0]);
}

// The fit, and what a crop keeps, as far as they mean something.
function resolveFit(asked) {
  const mayEnlarge = words('clip fill scale').includes(asked.fit) || asked.enlarge && asked.fit !== 'min';
  const isBox = asked.w && asked.h;
  let fit = isBox && asked.fit || 'max';
  if (mayEnlarge && (asked.w || asked.h)) fit = { max: 'clip', fillmax: 'fill' }[fit] || fit;
  asked.fit = isCrop(fit) ? 'crop' : fit.replace(/^max/, '');

  const focus = [asked['fp-x'], asked['fp-y']].map(at => at === undefined ? 500 : at);
  const isFocused = asked.crop === 'focalpoint' || asked.isFocused;
  const isCentered = focus.join() === '500,500';
  if (!isCrop(fit)) asked.crop = asked.enlarge = '';
  asked.enlarge = mayEnlarge && asked.enlarge;
  ['fp-x', 'fp-y'].forEach((name, i) => {
    asked[name] = isCrop(fit) && isFocused && !isCentered ? String(focus[i] / 1000) : '';
  });
  if (/center|focalpoint/.test(asked.crop)) asked.crop = '';
}

// The same on the ladder, if the policy lets unsigned requests ask for it.
function allowed(asked, policy) {
  const free = words(LEVELS[policy.unsigned]);
  const isCostly = {
    fit: asked.fit !== 'crop',
    crop: SMART.includes(asked.crop),
    bg: !policy.backgrounds.includes(asked.bg),
  };
  const denied = CANONICAL.find(name => asked[name] && (isCostly[name] || !free.includes(name)));
  if (denied) refuse(403, 'unsigned', denied);

  // `auto` stays.
  const nextUp = (steps, value) => value > 0 ? steps.find(step => step >= value) || steps[steps.length - 1] : value;
  asked.w = nextUp(policy.ladder, asked.w);
  asked.h = nextUp(policy.ladder, asked.h);
  asked.q = nextUp(policy.qualities, asked.q);
  return asked;
}

// RFC 6266, with the name as RFC 8187 spells it.
function attachment(name) {
  const escape = char => '%' + char.charCodeAt(0).toString(16);
  return name ? "attachment; filename*=UTF-8''" + encodeURIComponent(name).replace(/['()*]/g, escape) : 'attachment';
}

function canonical(asked) {
  return CANONICAL.filter(name => asked[name]).map(name => `${name}=${asked[name]}`).join();
}

function isCrop(fit) {
  return fit === 'crop' || fit === 'min';
}

function whole(min, max) {
  return text => {
    const number = matches(text, /^[0-9]+/) ? Math.min(text, max) : -1;
    return number < min ? undefined : number;
  };
}

function oneOf(list) {
  return text => words(list).find(word => word === text);
}

// Device pixels per CSS pixel, in tenths.
function tenths(text) {
  return matches(text, /^0*[1-9][0-9]*(\.[0-9])?/) ? Math.round(Math.min(text, 5) * 10) : undefined;
}

function thousandths(text) {
  return matches(text, /^[0-9]*\.?[0-9]+/) ? Math.round(Math.min(text, 1) * 1000) : undefined;
}

function gravity(text) {
  const found = oneOf(GRAVITIES)(text) || oneOf(GRAVITIES)(text.split(',').reverse().join());
  return found ? found.replace(',', '-') : oneOf('focalpoint ' + SMART)(text);
}

function ratio(text) {
  const isRatio = matches(text, /^[0-9]{1,4}(\.[0-9]{1,3})?:[0-9]{1,4}(\.[0-9]{1,3})?/);
  const sides = isRatio ? text.split(':').map(side => Math.round(side * 1000)) : [];
  return sides[0] && sides[1] ? sides : undefined;
}

function rectangle(text) {
  const isFour = matches(text, /^[0-9]+(,[0-9]+){3}/);
  const sides = isFour ? text.split(',').map(side => Math.min(side, 1e6)) : [];
  return sides[2] && sides[3] ? sides.join('-') : undefined;
}

// As rrggbb, or as aarrggbb where it isn't opaque.
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

// RFC 9110, section 12.4.2; one that can't be read is 0.
function weight(text) {
  return matches(text, /^(0(\.[0-9]{0,3})?|1(\.0{0,3})?)/) ? Number(text) : 0;
}

// Whether the pattern takes the whole text; a `$` would also match before a final newline here.
function matches(text, pattern) {
  const found = text.match(pattern);
  return found !== null && found[0] === text;
}

// Undefined where an escape is broken.
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
