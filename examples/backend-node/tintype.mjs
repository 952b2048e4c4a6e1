// Upload sessions and signed links for a Node.js backend, without dependencies.
import { createHmac } from "node:crypto";

const hmac = (secret, text) => createHmac("sha256", secret).update(text).digest("base64url");

/**
 * Token of an upload session. The client's endpoint is https://api.example.com/u/<token>.
 * `secret` is TINTYPE_SESSION_SECRET, `owner` identifies the user (1 to 255 bytes). `limits` may have the claims
 * types, maxBytes, maxFiles and prefix of docs/upload-api.md.
 */
export function sessionToken(secret, owner, { seconds = 3600, ...limits } = {}) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: owner, exp: Math.floor(Date.now() / 1000) + seconds, ...limits };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${hmac(secret, signed)}`;
}

// The order of parameters in the signed text.
const ORDER = "w h fit enlarge crop fp-x fp-y rect rot flip trim light blur sharp mark bg q lossless frame t explain v fm".split(" ");

// Letters, digits, `-`, `.` and `_` stay; every other byte of the UTF-8 becomes ~XX.
const hex = (byte) => `~${byte.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`;
const escaped = (text) => Buffer.from(text).toString("latin1").replace(/[^\w.-]/g, hex);

/**
 * Path and query of a signed link to a file, or to a variant of it. `secret` is TINTYPE_LINK_SECRET, `path` such as
 * /private/<id>/cat.jpg, `parameters` such as { w: 333, blur: 40 } in the canonical form of docs/signed-links.md, `expires`
 * seconds since 1970. Without `expires` the link does not expire.
 */
export function signedLink(secret, path, parameters = {}, expires) {
  const parts = decodeURIComponent(path).split("/");
  const values = { fm: "auto", ...parameters };
  const names = Object.keys(parameters).length ? ORDER.filter((name) => name in values) : [];
  // The viewer decides if an automatic format is WebP, so `lossless` comes last.
  if (values.fm === "auto") names.sort((a, b) => (a === "lossless") - (b === "lossless"));
  const variant = names.map((name) => `${name}=${escaped(`${values[name]}`.replaceAll(",", "-"))}`).join();
  const canonical = [...parts.map(escaped), ...(variant ? [variant] : [])].join("/");
  const end = expires ? [`expires=${expires}`] : [];
  const signature = hmac(secret, [canonical, ...end].join("?"));
  const query = [...names.map((name) => `${name}=${values[name]}`), ...end, `s=${signature}`].join("&");
  return `${parts.map(encodeURIComponent).join("/")}?${query}`;
}
