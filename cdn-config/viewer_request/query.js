// What a request says: the key of its path, and the parsed values of its query.

// The decoded path of a file.
function keyOf(path) {
  const text = decoded(path);
  if (text === undefined) refuse('encoding');
  if (byteLength(text) > 1025) refuse('length');
  const isBelowArea = /^\/(files|videos|private(-videos)?)\/[\s\S]/.test(text);
  if (!isBelowArea) refuse('area');
  const hasForbiddenSegment = /[\x00-\x1f\x7f]|\/\.{0,2}(\/|$)/.test(text);
  if (hasForbiddenSegment) refuse('segment');
  // Viewers must not send canonical paths, which would bypass the policy.
  if (/[/,]fm=[a-z.]+$/.test(text)) refuse('canonical');
  return text;
}

// True for the path of a video's frames. `t` applies to no other path: imgix' `t` is a text.
function isFrame(key) {
  const segments = key.split('/');
  return segments.length === 4 && segments[1].endsWith('videos') && segments[3] === 'frame.jpg';
}

// The values of the query by canonical name, percent-decoded. Each may be given once.
function queryValues(key, query, policy) {
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
    const isKnown = lower in CANONICAL_NAMES;
    const meant = isKnown ? lower : !FOREIGN.includes(lower) && KNOWN_NAMES.find(known => isNear(known, lower));
    if (meant) refuse('misspelt', name, meant);
  });
  const isRejected = policy.unknown === 'refused' && unknown.length;
  if (isRejected) refuse('unknown', unknown[0]);
  const values = {};
  NAMES.filter(name => found[name]).forEach(name => {
    const sent = found[name];
    if (sent.length > 1) refuse('repeated', name);
    const value = component(sent[0].value);
    if (value === undefined) refuse('escape', name);
    if (name !== 't' || isFrame(key)) values[name] = value;
  });
  return values;
}

// Adds the values of the preset. Values of the query win.
async function expandPreset(values) {
  if (!('preset' in values)) return values;
  const key = 'preset/' + values.preset;
  const isPreset = isName(values.preset) && await kvs.exists(key);
  if (!isPreset) refuseValue('preset');
  const preset = await kvs.get(key, { format: 'json' });
  return Object.assign(preset, values);
}

// True if no parameter outside `names` is given.
function hasOnly(values, names) {
  return Object.keys(values).every(name => names.includes(name));
}

// The parsed values.
async function parsedValues(values) {
  const parsed = {};
  const names = NAMES.filter(name => name in values);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i];
    parsed[name] = await PARSERS[name](values[name]);
    if (parsed[name] === undefined) refuseValue(name);
  }
  return parsed;
}
