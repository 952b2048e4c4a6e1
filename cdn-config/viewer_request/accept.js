// The class of viewers.

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
  return matches(text, /^(0(\.\d{0,3})?|1(\.0{0,3})?)/) ? Number(text) : 0;
}
