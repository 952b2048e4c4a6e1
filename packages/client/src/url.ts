import type { ImageParameters } from "./parameters.js";

/**
 * The URL of a picture with parameters. `src` is the URL or the path of a file; parameters in its query stay unless they are
 * given again, and its fragment is removed. `undefined` and `false` leave a parameter out.
 *
 * @throws RangeError if a number isn't finite.
 */
export function imageUrl(src: string, parameters: ImageParameters = {}): string {
  const [address = "", query = ""] = src.replace(/#.*/s, "").split(/\?(.*)/s);
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== false);
  const isGiven = (pair: string) => given.some(([name]) => name === pair.replace(/=.*/s, ""));
  const kept = query.split("&").filter((pair) => pair && !isGiven(pair));
  const pairs = [...kept, ...given.map(([name, value]) => pairOf(name, value))];
  return pairs.length ? `${address}?${pairs.join("&")}` : address;
}

function pairOf(name: string, value: unknown): string {
  if (name === "original") return name;
  for (const number of [value].flat()) {
    if (typeof number === "number" && !Number.isFinite(number)) throw new RangeError(`${name} must be a finite number, not ${number}`);
  }
  const text = encodeURIComponent(String(value === true ? 1 : value));
  // Commas and colons are allowed in a query. A comma at the end would end the URL in a `srcset`.
  return `${name}=${text.replace(/%2C(?=.)|%3A/g, decodeURIComponent)}`;
}
