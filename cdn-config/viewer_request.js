// Path, query and Accept in, a canonical path or a problem out: the grammar of contract/src/request.rs for the
// runtime cloudfront-js-2.0. Both are held to fixtures/requests.json.
import cf from 'cloudfront';

const kvs = cf.kvs();
const words = text => text.split(' ');

// Names and aliases, in the order of checks.
const PARAMETERS = words('w,width h,height dpr fit crop,gravity bg,background q,quality fm,format,f auto v original')
  .map(names => names.split(','));
// Not available yet: passed over, they would give another picture than was asked for.
const RESERVED = words('ar blur dl enlarge expires flip fp-x fp-y frame lossless p page preset rect rot s sharp trim');
const GRAVITIES = words('center top bottom left right top,left top,right bottom,left bottom,right');
const MAX_SIDE = 8192;

// Name, title, Cache-Control by status, as service/src/problem.rs has them.
const HOUR = 'public, max-age=3600';
const MINUTE = 'public, max-age=60';
const KINDS = {
  400: ['bad-request', "The request can't be understood", HOUR],
  403: ['forbidden', 'A valid signature is needed', MINUTE],
  404: ['not-found', 'There is no such file', MINUTE],
  405: ['method-not-allowed', "The method isn't allowed here", HOUR],
  503: ['storage-unavailable', "The storage doesn't answer", 'no-store'],
};

async function handler(event) {
  const request = event.request;
  if (request.method === 'OPTIONS') return request;
  try {
    if (!['GET', 'HEAD'].includes(request.method)) refuse(405, 'files are read with GET or HEAD');
    const path = keyPath(request.uri);
    const policy = await kvs.get('policy', { format: 'json' });
    const given = givenIn(request.querystring, policy);
    const asked = await askedFor(given, request.headers.accept);
    if (path.startsWith('/private/')) refuse(403, 'files below /private/ need a signed link');
    if (asked) {
      request.uri = path + '/' + canonical(allowed(asked, policy));
      cf.createRequestOriginGroup({
        originIds: [{ originId: 'variants' }, { originId: 'resize' }],
        failoverCriteria: { statusCodes: [403, 404] },
      });
    } else {
      request.uri = path;
      cf.selectRequestOriginById('originals');
    }
    request.querystring = {};
    return request;
  } catch (error) {
    return problem(error.status ? error : { status: 503, detail: "the policy can't be read" });
  }
}

function refuse(status, detail, parameter) {
  throw { status: status, detail: detail, parameter: parameter };
}

function bad(name, allowed) {
  refuse(400, `'${name}' must be ${allowed}`, name);
}

function problem(refusal) {
  const kind = KINDS[refusal.status];
  const headers = {
    'content-type': { value: 'application/problem+json' },
    'x-content-type-options': { value: 'nosniff' },
    'cache-control': { value: kind[2] },
  };
  const type = 'urn:problem-type:tintype:' + kind[0];
  const body = JSON.stringify(Object.assign({ type: type, title: kind[1] }, refusal));
  return { statusCode: refusal.status, headers: headers, body: body };
}

// The one spelling of a path that names a file.
function keyPath(path) {
  const text = decoded(path);
  if (text === undefined) refuse(400, 'the path is not valid percent-encoded UTF-8');
  if (byteLength(text) > 1025) refuse(400, 'the path is longer than 1024 bytes');
  const isBelowArea = /^\/(files|private|videos)\/[\s\S]/.test(text);
  if (!isBelowArea) refuse(404, 'paths of files begin with /files/, /private/ or /videos/');
  const isOdd = /[\x00-\x1f\x7f]|\/\.{0,2}(\/|$)/.test(text);
  if (isOdd) refuse(400, 'the path has an empty segment, a dot segment or a control character');
  // The origin's grammar is not for viewers: it would lead around the ladder.
  if (/[/,]fm=[a-z.]+$/.test(text)) refuse(404, 'variants are asked for by parameters, such as ?w=640');
  return text.split('/').map(segment => encodeURIComponent(segment)).join('/');
}

// The values given for PARAMETERS, unescaped, each once.
function givenIn(query, policy) {
  const values = Object.create(null);
  Object.keys(query).forEach(raw => {
    const name = component(raw) || '';
    values[name] = (values[name] || []).concat(query[raw].multiValue || query[raw]);
  });
  const reserved = RESERVED.find(name => values[name]);
  if (reserved) refuse(400, `'${reserved}' is not available yet`, reserved);

  const known = PARAMETERS.join().split(',');
  const unknown = Object.keys(values).filter(name => !known.includes(name)).sort()[0];
  const isRefused = policy.unknown === 'refused' && unknown !== undefined;
  if (isRefused) refuse(400, 'unknown parameter; known are ' + known.join(', '), unknown);
  const given = {};
  PARAMETERS.forEach(names => {
    const name = names[0];
    const found = names.reduce((all, name) => all.concat(values[name] || []), []);
    if (!found.length) return;
    if (found.length > 1) bad(name, 'given once, under one of its names');
    given[name] = component(found[0].value);
    if (given[name] === undefined) bad(name, 'valid percent-encoded UTF-8');
  });
  return given;
}

// What is asked for, whatever the policy; undefined where the original is meant.
async function askedFor(given, accept) {
  const w = integer('w', given.w, MAX_SIDE);
  const h = integer('h', given.h, MAX_SIDE);
  const dpr = tenths(given.dpr);
  const crop = gravity(given.crop);
  const fit = oneOf('fit', given.fit, words('max clip crop min'));
  const bg = await color(given.bg);
  const q = integer('q', given.q, 100);
  const fm = oneOf('fm', given.fm, words('jpeg jpg png webp json auto'));
  check('auto', given.auto, /^(format|compress)(,(format|compress))*/, 'format, compress or both, joined by a comma');
  if (given.v && byteLength(given.v) > 32) bad('v', 'at most 32 bytes long');

  if (Object.keys(given).every(name => name === 'v' || name === 'original')) return undefined;
  if (given.original !== undefined) bad('original', 'given alone');

  if (fm === 'json') return { fm: fm };
  const side = pixels => pixels && Math.min(Math.round(pixels * dpr / 10), MAX_SIDE);
  const asked = { w: side(w), h: side(h), bg: bg, fm: fm === 'jpg' ? 'jpeg' : fm };
  if (fit === 'clip' && (w || h)) asked.fit = 'clip';
  if ((fit === 'crop' || fit === 'min') && w && h) {
    asked.fit = 'crop';
    if (crop !== 'center') asked.crop = crop;
  }
  if (fm !== 'png') asked.q = q;
  if (!fm || fm === 'auto') asked.fm = 'auto.' + acceptClass(accept);
  return asked;
}

// The same on the ladder, if the policy lets unsigned requests ask for it.
function allowed(asked, policy) {
  if (policy.unsigned === 'open') return asked;
  const isWidths = policy.unsigned === 'widths';
  const deny = name => refuse(403, `this '${name}' needs a signed link`, name);
  if (asked.h && isWidths) deny('h');
  if (asked.fit && (isWidths || asked.fit === 'clip')) deny('fit');
  if (asked.bg && (isWidths || !policy.backgrounds.includes(asked.bg))) deny('bg');

  const nextUp = (steps, value) => value && (steps.find(step => step >= value) || steps[steps.length - 1]);
  asked.w = nextUp(policy.ladder, asked.w);
  asked.h = nextUp(policy.ladder, asked.h);
  asked.q = nextUp(policy.qualities, asked.q);
  return asked;
}

function canonical(asked) {
  return words('w h fit crop bg q fm').filter(name => asked[name]).map(name => `${name}=${asked[name]}`).join();
}

function check(name, text, pattern, allowed) {
  if (text !== undefined && !matches(text, pattern)) bad(name, allowed);
}

function integer(name, text, max) {
  const allowed = 'a whole number from 1 to ' + max;
  check(name, text, /^[0-9]+/, allowed);
  return text && (Math.min(Number(text), max) || bad(name, allowed));
}

// Device pixels per CSS pixel, in tenths.
function tenths(text) {
  check('dpr', text, /^0*([1-9][0-9]*)(\.[0-9])?/, 'a number from 1 to 5 with at most one decimal');
  return text ? Math.round(Math.min(Number(text), 5) * 10) : 10;
}

function oneOf(name, text, allowed) {
  if (text !== undefined && !allowed.includes(text)) bad(name, 'one of ' + allowed.join(', '));
  return text;
}

function gravity(text) {
  if (text === undefined) return 'center';
  const turned = text.split(',').reverse().join();
  const found = GRAVITIES.find(name => name === text || name === turned);
  return found ? found.replace(',', '-') : bad('crop', 'center, top, bottom, left, right or a corner such as top,left');
}

// As rrggbb, or as aarrggbb where it isn't opaque.
async function color(text) {
  if (text === undefined) return undefined;
  if (matches(text, /^[0-9a-fA-F]+/) && [3, 4, 6, 8].includes(text.length)) {
    const digits = (text.length < 5 ? text.replace(/./g, '$&$&') : text).toLowerCase();
    return digits.replace(/^ff(?=.{6})/, '');
  }
  const key = 'color/' + text;
  const isName = text.length < 32 && matches(text, /^[a-z]+/) && await kvs.exists(key);
  if (!isName) bad('bg', 'hexadecimal RGB, ARGB, RRGGBB or AARRGGBB, or the name of a CSS colour');
  return kvs.get(key);
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
