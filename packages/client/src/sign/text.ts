import { LinkError } from "./error.js";
import { escaped } from "./escape.js";
import { privateFile } from "./pass.js";
import { component, notAllowed, valuesOf, type Presets, type Values } from "./query.js";
import { variantText } from "./variant.js";

export type { Presets } from "./query.js";

const MAX_KEY_BYTES = 1024;

/** Parameters that a request for the original may have. */
const OF_ORIGINALS = ["original", "v", "dl", "expires"];

/** The address of a URL, and the pairs of its query that stay in a signed link. */
export interface Parts {
  /** The URL without query and fragment. */
  address: string;
  /** The path in `address`. */
  path: string;
  pairs: string[];
}

/** Splits a URL. A signature and an expiry time are replaced by `expires`, in seconds since 1970. */
export function partsOf(url: string, expires: number | undefined): Parts {
  const [, origin, path, query = ""] = /^([^/?]*:\/\/[^/?]*)?(\/[^?]*)(?:\?(.*))?$/s.exec(url.replace(/#.*/s, "")) ?? [];
  if (path === undefined) {
    throw new LinkError("it is not a URL such as https://cdn.example.com/files/1/cat.jpg?w=640, nor its path");
  }
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "" && !["s", "expires"].includes(component(pair.replace(/=.*/s, "")) ?? ""))
    .map((pair) => pair.replace(/^([^=]*)=$/, "$1"));
  if (expires !== undefined) pairs.push(`expires=${expires}`);
  return { address: (origin ?? "") + path, path, pairs };
}

/**
 * The text that the signature of a URL authenticates: the canonical path, and `?expires=…` if the link expires. For a file of
 * a private video it is the text of the pass.
 *
 * @throws LinkError if a request for the URL would be refused.
 */
export function signedText(url: string, expires?: number, presets: Presets = {}): string {
  const { path, pairs } = partsOf(url, expires);
  const segments = segmentsOf(path);
  const values = valuesOf(pairs.join("&"), presets, isFrame(segments) ? [] : ["t"]);
  const privateVideo = privateFile(segments);
  if (privateVideo) return privateVideo.text(expires);
  const file = segments.map(escaped).join("/");
  const end = expires === undefined ? "" : `?expires=${expires}`;
  return (isOriginal(values) ? file : `${file}/${variantText(values)}`) + end;
}

/** `true` for the path of a video's frames. */
function isFrame([, area, , name, ...rest]: string[]): boolean {
  return area === "videos" && name === "frame.jpg" && rest.length === 0;
}

function isOriginal(values: Values): boolean {
  if (Object.keys(values).every((name) => OF_ORIGINALS.includes(name))) return true;
  if (values.original !== undefined) throw notAllowed("original");
  return false;
}

/** The segments of a file's path, decoded. The first one is empty. */
export function segmentsOf(path: string): string[] {
  let text;
  try {
    text = decodeURIComponent(path);
  } catch {
    throw new LinkError("the path is not valid percent-encoded UTF-8");
  }
  if (new TextEncoder().encode(text).length > MAX_KEY_BYTES + 1) throw new LinkError(`the path is longer than ${MAX_KEY_BYTES} bytes`);
  if (!/^\/(files|private|videos|private-videos)\/./s.test(text)) {
    throw new LinkError("paths of files begin with /files/, /private/, /videos/ or /private-videos/");
  }
  if (/[\x00-\x1f\x7f]|\/\.{0,2}(\/|$)/.test(text)) {
    throw new LinkError("the path has an empty segment, a dot segment or a control character");
  }
  if (/[/,]fm=[a-z.]+$/.test(text)) throw new LinkError("variants are requested by parameters, such as ?w=640");
  return text.split("/");
}
