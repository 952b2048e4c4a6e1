// Names, escapes and lengths of text.

// True if two different names of at least three letters differ by one letter that is wrong, missing or superfluous, or
// by two neighbours that are swapped.
function isNear(known, unknown) {
  if (Math.min(known.length, unknown.length) < 3) return false;
  let same = 0;
  while (known[same] === unknown[same]) same += 1;
  const a = known.slice(same);
  const b = unknown.slice(same);
  const isSwapped = a[1] + a[0] + a.slice(2) === b;
  return isSwapped || a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1);
}

// Only ASCII, as in Rust: `toLowerCase` alone turns the Kelvin sign into a k.
function lowerCase(text) {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase());
}

// True if the pattern matches the whole text. `$` isn't used because it also matches before a final newline here.
function matches(text, pattern) {
  const found = text.match(pattern);
  return found !== null && found[0] === text;
}

// The spelling of canonical paths, as in contract/src/escape.rs: Lambda would refuse CloudFront's signature of a path with
// a percent sign.
function escaped(path) {
  const byte = char => '%' + char.charCodeAt(0).toString(16).toUpperCase();
  return percentEncoded(path).replace(/[!'()*~]/g, byte).replace(/%/g, '~');
}

function percentEncoded(path) {
  return encodeURIComponent(path).replace(/%2F/g, '/');
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
