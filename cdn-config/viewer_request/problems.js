// Refusals, as problem documents.

// `sentence` is the key of a sentence in the store. Its first placeholder is for `allowed`, if that is given.
function refuse(status, sentence, parameter, allowed) {
  throw { status: status, sentence: sentence, parameter: parameter, allowed: allowed };
}

function refuseValue(name) {
  refuse(400, name, name);
}

async function problem(error) {
  const kind = await kvs.get('problem/' + error.status, { format: 'json' });
  const detail = await kvs.get('detail/' + error.sentence);
  const withAllowed = error.allowed ? detail.replace('%', error.allowed) : detail;
  return answer(kind, withAllowed.replace('%', () => error.parameter), error.parameter);
}

function unavailable() {
  const kind = { status: 503, name: 'storage-unavailable', title: "The storage doesn't answer", cache: 'no-store' };
  return answer(kind, "the policy can't be read");
}

function answer(kind, detail, parameter) {
  const headers = {
    'content-type': { value: 'application/problem+json' },
    'x-content-type-options': { value: 'nosniff' },
    'cache-control': { value: kind.cache },
  };
  if (kind.status === 405) headers.allow = { value: 'GET, HEAD, OPTIONS' };
  const type = 'urn:problem-type:tintype:' + kind.name;
  const problem = { type: type, title: kind.title, status: kind.status, detail: detail, parameter: parameter };
  return { statusCode: kind.status, headers: headers, body: JSON.stringify(problem) };
}
