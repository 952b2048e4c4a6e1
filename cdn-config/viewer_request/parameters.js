// The parameters of a query, and what the other files share. build.mjs joins the files of this folder, which see each other's
// functions.
import cf from 'cloudfront';
import crypto from 'crypto';

const kvs = cf.kvs();
const words = text => text.split(' ');

// The header that passes the file name of a download to the viewer-response function. A viewer's header is removed.
const DOWNLOAD = 'x-tintype-download';
// The beginning of a path with a pass.
const PASS = '/private-videos/~';
const MAX_NAME_BYTES = 200;
const MAX_SIDE = 8192;
const MIN_SECRET_BYTES = 32;
const GRAVITIES = 'center top bottom left right top,left top,right bottom,left bottom,right focalpoint ';
// The values of `crop` that depend on the picture.
const SMART = 'entropy attention faces';

// The parsers of values, in the order of checks. They return undefined if the value isn't allowed.
const PARSERS = {
  preset: text => text,
  w: number(1, 1e6),
  h: number(1, 1e6),
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
  light: oneOf('linear'),
  blur: number(0, 2000),
  sharp: number(0, 100),
  mark: text => isName(text) ? text : undefined,
  bg: color,
  q: text => text === 'auto' ? text : number(1, 100)(text),
  lossless: oneOf('1'),
  frame: number(1, 65535),
  t: number(0, 172800),
  explain: oneOf('1'),
  v: text => matches(text, /^[\w.:~-]{0,32}/) ? escaped(text) : undefined,
  fm: oneOf('jpeg jpg png webp avif gif json auto'),
  auto: text => text.split(',').every(oneOf('format compress')) || undefined,
  dl: text => byteLength(text) > MAX_NAME_BYTES || /[\x00-\x1f\x7f/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text) ? undefined : text,
  original: text => text,
  expires: text => matches(text, /^\d+/) && text >= 1e9 && text <= 4294967295 ? Number(text) : undefined,
  s: text => text,
};
// The order of checks, and that of canonical paths. njs lists the keys of an object in another order.
const NAMES = words('preset w h dpr fit enlarge crop fp-x fp-y ar rect rot flip trim light blur sharp mark bg q lossless frame'
  + ' t explain v fm auto dl original expires s');
// The canonical name for each name and alias.
const CANONICAL_NAMES = Object.assign(Object.create(null), {
  p: 'preset', width: 'w', height: 'h', gravity: 'crop', background: 'bg', quality: 'q', page: 'frame', format: 'fm',
  f: 'fm',
});
NAMES.forEach(name => { CANONICAL_NAMES[name] = name; });
// The names that a misspelt one may mean. Shorter ones are similar to too many others.
const KNOWN_NAMES = Object.keys(CANONICAL_NAMES).filter(name => name.length > 2).sort();
// Parameters of imgix whose names differ by one letter from these. They aren't misspelt.
const FOREIGN = words('dpi fp-z markh markw markx marky mask rott');

// Parameters that a request may give with a preset and still count as the preset itself.
const PRESET_PARAMETERS = words('preset t fm auto v dl');
// Parameters that a request for the original may have.
const ORIGINAL_PARAMETERS = words('original v dl expires s');
// The parameters of a canonical path, in its order.
const CANONICAL = NAMES.filter(name => !words('preset dpr ar auto dl original expires s').includes(name));
