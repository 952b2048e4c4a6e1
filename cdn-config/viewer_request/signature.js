// Signed links, and passes of private videos.

// The key behind the pass of a path: a signed segment that opens all files of one video.
async function open(key) {
  if (!key.startsWith(PASS)) return { key: key };
  const found = key.slice(PASS.length).match(/^(\d+)\.([\w-]+)\/([^/]+)(\/[\s\S]+)/) || [];
  const expires = found.length ? PARSERS.expires(found[1]) : undefined;
  const folder = PASS.slice(0, -1) + found[3];
  const isValid = expires && await isSignature(found[2], escaped(folder) + '/?expires=' + expires);
  if (!isValid) refuse('pass');
  if (Date.now() >= expires * 1000) refuse('expired');
  return { key: folder + found[4], hasPass: true };
}

// A signature is valid for one key, one variant and one expiry time, and for all classes of a negotiated format.
async function verify(path, requested, values) {
  if (!values.s) refuse('unsigned-link', 's');
  const lossless = requested && requested.lossless ? ',lossless=1' : '';
  const variant = requested ? '/' + canonical(negotiated(requested, 'base')).replace(/\.base$/, lossless) : '';
  const text = path + variant + (values.expires ? '?expires=' + values.expires : '');
  if (!await isSignature(values.s, text)) refuse('signature', 's');
  if (Date.now() >= values.expires * 1000) refuse('expired', 'expires');
}

// True for the signature of a text with one of the keys.
async function isSignature(signature, text) {
  const keys = await kvs.exists('signing') ? (await kvs.get('signing')).split(',') : [];
  // An empty or short key, such as the empty key after a superfluous comma, would let anyone sign.
  const sound = keys.filter(key => byteLength(key) >= MIN_SECRET_BYTES);
  const codes = sound.map(key => crypto.createHmac('sha256', key).update(text).digest('base64url'));
  return codes.map(code => isSame(code, signature)).includes(true);
}

// Compares in constant time.
function isSame(code, signature) {
  let difference = code.length ^ signature.length;
  for (let i = 0; i < code.length; i += 1) difference |= code.charCodeAt(i) ^ signature.charCodeAt(i);
  return difference === 0;
}
