// The module 'crypto' as edge functions import it: the parts that they use, implemented by the engine's host.
const hmac = globalThis.host.hmac;

export default {
  createHmac(algorithm, key) {
    if (algorithm !== 'sha256') throw new Error(`the hash '${algorithm}' isn't provided here`);
    let text = '';
    return {
      update(more) {
        text += more;
        return this;
      },
      digest(encoding) {
        if (encoding !== 'base64url') throw new Error(`the encoding '${encoding}' isn't provided here`);
        return hmac(key, text);
      },
    };
  },
};
