import { LinkError } from "./error.js";

/** The minimum length of a secret in bytes, the same as in the services. */
const MIN_SECRET_BYTES = 32;

/** Node.js 18 has no global WebCrypto. Bundlers must not look for its module. */
const NODE_CRYPTO: string = "node:crypto";
const web: Crypto = globalThis.crypto ?? (await import(/* webpackIgnore: true */ /* @vite-ignore */ NODE_CRYPTO)).webcrypto;

/** The HMAC-SHA256 of a text in base64url. If the secret is `new,old`, the new one signs. */
export async function hmac(secret: string, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(secret.split(",")[0]?.trim());
  if (bytes.length < MIN_SECRET_BYTES) throw new LinkError(`a secret has at least ${MIN_SECRET_BYTES} bytes`);
  const key = await web.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return base64url(new Uint8Array(await web.subtle.sign("HMAC", key, new TextEncoder().encode(text))));
}

/** Base64url without padding. */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
