// Signed links.

// A signature is valid for one key, one variant and one expiry time, and for all classes of a negotiated format.
async function verify(path, requested, values) {
  if (!values.s) refuse(403, 'unsigned-link', 's');
  const lossless = requested && requested.lossless ? ',lossless=1' : '';
  const variant = requested ? '/' + canonical(negotiated(requested, 'base')).replace(/\.base$/, lossless) : '';
  const text = path + variant + (values.expires ? '?expires=' + values.expires : '');
  const keys = await kvs.exists('signing') ? (await kvs.get('signing')).split(',') : [];
  // An empty or short key, such as the empty key after a superfluous comma, would let anyone sign.
  const sound = keys.filter(key => byteLength(key) >= MIN_SECRET_BYTES);
  const codes = sound.map(key => crypto.createHmac('sha256', key).update(text).digest('base64url'));
  const isValid = codes.map(code => isSame(code, values.s)).includes(true);
  if (!isValid) refuse(403, 'signature', 's');
  if (Date.now() >= values.expires * 1000) refuse(410, 'expired', 'expires');
}

// Compares in constant time.
function isSame(code, signature) {
  let difference = code.length ^ signature.length;
  for (let i = 0; i < code.length; i += 1) difference |= code.charCodeAt(i) ^ signature.charCodeAt(i);
  return difference === 0;
}
