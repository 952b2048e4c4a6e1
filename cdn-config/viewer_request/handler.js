// Turns path, query and Accept into a canonical path or an error: the grammar of contract/src/request.rs for the
// runtime cloudfront-js-2.0. Both must agree with fixtures/requests.json. The key-value store has the policy, the
// sentences of errors and the keys of signed links.

async function handler(event) {
  const request = event.request;
  if (request.method === 'OPTIONS') return request;
  try {
    if (!['GET', 'HEAD'].includes(request.method)) refuse('method');
    const opened = await open(keyOf(request.uri));
    const key = opened.key;
    const path = escaped(key);
    const policy = await kvs.get('policy', { format: 'json' });
    const sent = queryValues(key, request.querystring, policy);
    const expanded = await expandPreset(sent);
    const values = await parsedValues(expanded);
    const variant = requestedVariant(values);
    const version = variant && variant.mark ? await versionOf(variant.mark) : '';
    const isSigned = 's' in values || 'expires' in values;
    if (isSigned) await verify(path, variant, values);
    else if (/^\/private/.test(path) && !opened.hasPass) refuse('private');
    if (variant) {
      const isPreset = sent.preset && hasOnly(sent, PRESET_PARAMETERS);
      const isFree = isSigned || isPreset || !policy.opens;
      // The caller chooses the version: without a signature it would allow any number of variants.
      if (!isSigned) variant.v = '';
      const ofClass = negotiated(variant, acceptClass(request.headers.accept));
      if (version) ofClass.mark += '.' + version;
      request.uri = path + '/' + canonical(isFree ? ofClass : applyPolicy(ofClass, policy, values));
    } else {
      // S3 reads a percent-encoded path.
      request.uri = percentEncoded(key);
    }
    // The policy has a group of origins if every variant is stored.
    if (variant && policy.group) {
      cf.createRequestOriginGroup({
        originIds: policy.group,
        failoverCriteria: { statusCodes: [400, 403, 404] },
      });
    } else cf.selectRequestOriginById(variant ? 'resize' : 'originals');
    request.querystring = {};
    delete request.headers[DOWNLOAD];
    if ('dl' in values) request.headers[DOWNLOAD] = { value: 'dl=' + encodeURIComponent(values.dl) };
    return request;
  } catch (error) {
    return problem(error).catch(unavailable);
  }
}
