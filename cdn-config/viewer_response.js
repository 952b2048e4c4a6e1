// The CDN's viewer-response function for the runtime cloudfront-js-2.0. It adds `Vary` if the format was negotiated,
// removes the headers that were stored with an original, and adds `Content-Disposition` for downloads.
//
// AWS documents that the function sees the viewer's request, and not the one that the viewer-request function returned. The
// result is the same for both: the first has a query, the second a canonical path and a header.
import cf from 'cloudfront';

const kvs = cf.kvs();
const words = text => text.split(' ');

const DOWNLOAD = 'x-tintype-download';
const FORMAT = words('fm format f');
const PRESET = words('preset p');
// All names of the parameters that make a variant.
const VARIANT = FORMAT.concat(PRESET, words('w width h height dpr fit enlarge crop gravity fp-x fp-y ar rect rot flip trim light'),
  words('blur sharp mark bg background q quality lossless frame page explain auto'));

async function handler(event) {
  const response = event.response;
  const headers = response.headers;
  const asked = await requested(event.request);
  if (asked.isNegotiated) headers.vary = { value: 'Accept' };
  // The uploader of an original chose these headers. The resize service sets those of variants.
  if (!asked.isVariant) ['encoding', 'disposition', 'language'].forEach(name => delete headers['content-' + name]);
  const original = headers['content-disposition'];
  if (asked.download !== undefined && response.statusCode < 300) {
    const ownName = asked.isVariant ? original && original.value : event.request.uri;
    // A dot is escaped in the encoded name of a variant.
    const own = /(?:\.|%2E)([a-z0-9]+)"?$/i.exec(ownName || '');
    const isNamed = asked.download || !original;
    const name = asked.download && own ? withExtension(asked.download, own[1]) : '';
    const value = isNamed ? attachment(name) : original.value.replace(/^inline/, 'attachment');
    headers['content-disposition'] = { value: value };
  }
  return response;
}

// The same rules as `saved_name` in contract/src/caching.rs.
function withExtension(name, extension) {
  const given = /\.([a-z0-9]{1,8})$/i.exec(name);
  if (given && sameFormat(given[1]) === sameFormat(extension)) return name;
  const stem = given && /[a-z]/i.test(given[1]) ? name.slice(0, given.index) : name;
  return `${stem}.${extension}`;
}

function sameFormat(extension) {
  const text = extension.toLowerCase();
  return { jpeg: 'jpg', jpe: 'jpg', jfif: 'jpg', tiff: 'tif' }[text] || text;
}

async function requested(request) {
  const values = queryValues(request.querystring);
  const names = Object.keys(values);
  if (names.length === 0) return rewritten(request);
  const isVariant = names.some(name => VARIANT.includes(name));
  const named = FORMAT.find(name => name in values);
  const preset = PRESET.find(name => name in values);
  const format = named ? values[named] : preset && await formatOf(values[preset]);
  const isNegotiated = isVariant && (!format || format === 'auto');
  return { isVariant: isVariant, isNegotiated: isNegotiated, download: values.dl };
}

// The request that the viewer-request function returned, or a viewer's request for an original.
function rewritten(request) {
  const format = request.uri.match(/\/(?:[^/]*,)?fm=([a-z.]+)$/);
  const header = request.headers[DOWNLOAD];
  return {
    isVariant: format !== null,
    isNegotiated: format !== null && format[1].startsWith('auto.'),
    download: header && header.value.startsWith('dl=') ? decoded(header.value.slice(3)) : undefined,
  };
}

function queryValues(query) {
  const values = Object.create(null);
  Object.keys(query).forEach(name => { values[decoded(name)] = decoded(query[name].value); });
  return values;
}

async function formatOf(preset) {
  const values = await kvs.get('preset/' + preset, { format: 'json' }).catch(() => ({}));
  return values.fm;
}

function attachment(name) {
  const escape = char => '%' + char.charCodeAt(0).toString(16);
  return name ? "attachment; filename*=UTF-8''" + encodeURIComponent(name).replace(/['()*]/g, escape) : 'attachment';
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch (error) {
    return '';
  }
}
