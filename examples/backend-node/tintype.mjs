// Upload sessions and signed links for a Node.js backend, without dependencies.
import { createHmac } from "node:crypto";

const hmac = (secret, text) => createHmac("sha256", secret).update(text).digest("base64url");

/**
 * Token of an upload session. The client's endpoint is https://api.example.com/u/<token>.
 * `secret` is TINTYPE_SESSION_SECRET, `owner` identifies the user (1 to 255 bytes). `limits` may have the claims
 * types, maxBytes, maxFiles and visibility of docs/upload-api.md.
 */
export function sessionToken(secret, owner, { seconds = 3600, ...limits } = {}) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: owner, exp: Math.floor(Date.now() / 1000) + seconds, ...limits };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${hmac(secret, signed)}`;
}

/**
 * Path and query of a signed link to a file, or to its variant of `width` pixels in the format that the viewer reads
 * best. `secret` is TINTYPE_LINK_SECRET, `path` such as /private/<id>/cat.jpg, `expires` seconds since 1970; without it
 * the link does not expire.
 */
export function signedLink(secret, path, { width, expires } = {}) {
  const canonical = width ? `${path}/w=${width},fm=auto` : path;
  const query = new URLSearchParams();
  if (width) query.set("w", width);
  if (expires) query.set("expires", expires);
  query.set("s", hmac(secret, expires ? `${canonical}?expires=${expires}` : canonical));
  return `${path}?${query}`;
}
