// What a request says: the key of its path, and the parsed values of its query.

// The decoded path of a file.
function keyOf(path) {
  const text = decoded(path);
  if (text === undefined) refuse(400, 'encoding');
  if (byteLength(text) > 1025) refuse(400, 'length');
  const isBelowArea = /^\/(files|private|videos|private-videos)\/[\s\S]/.test(text);
  if (!isBelowArea) refuse(404, 'area');
  const hasForbiddenSegment = /[\x00-\x1f\x7f]|\/\.{0,2}(\/|$)/.test(text);
  if (hasForbiddenSegment) refuse(400, 'segment');
  // Viewers must not send canonical paths, which would bypass the policy.
  if (/[/,]fm=[a-z.]+$/.test(text)) refuse(404, 'canonical');
  return text;
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
    const lower = lowerCase(name);
    const same = KNOWN_NAMES.find(known => known === lower);
    const meant = same || !FOREIGN.includes(lower) && KNOWN_NAMES.find(known => isNear(known, lower));
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
