// The module 'cloudfront' as edge functions import it, implemented by the engine's host.
const host = globalThis.host;
delete globalThis.host;
Date.now = () => host.now();

function value(key) {
  const text = host.get(key);
  if (text === undefined) throw new Error('KeyNotFound');
  return text;
}

const handle = {
  async get(key, options) {
    const format = options?.format ?? 'string';
    if (format === 'string') return value(key);
    if (format === 'json') return JSON.parse(value(key));
    throw new Error(`the format '${format}' isn't provided here`);
  },
  async exists(key) {
    return host.get(key) !== undefined;
  },
};

function select(target) {
  const problem = host.select(JSON.stringify(target));
  if (problem !== undefined) throw new Error(problem);
}

export default {
  kvs: () => handle,
  selectRequestOriginById: originId => select({ originId }),
  createRequestOriginGroup: group => select(group),
};
