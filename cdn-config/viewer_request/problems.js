// Refusals, as problem documents.

// `sentence` is the key of a refusal in the store. Its first placeholder is for `allowed`, if that is given.
function refuse(sentence, parameter, allowed) {
  throw { sentence: sentence, parameter: parameter, allowed: allowed };
}

function refuseValue(name) {
  refuse(name, name);
}

// The response that the store has for a refusal, with the parameter at fault.
async function problem(error) {
  const response = await kvs.get('refusal/' + error.sentence, { format: 'json' });
  const body = response.body;
  if (error.allowed) body.detail = body.detail.replace('%', error.allowed);
  body.detail = body.detail.replace('%', () => error.parameter);
  body.parameter = error.parameter;
  response.body = JSON.stringify(body);
  return response;
}

// The response if the store can't be read.
function unavailable() {
  return {
    statusCode: 503,
    headers: {
      'content-type': { value: 'application/problem+json' },
      'x-content-type-options': { value: 'nosniff' },
      'cache-control': { value: 'no-store' },
    },
    body: JSON.stringify({
      type: 'urn:problem-type:tintype:storage-unavailable',
      title: "The storage doesn't answer",
      status: 503,
      detail: "the policy can't be read",
    }),
  };
}
