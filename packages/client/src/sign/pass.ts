import { LinkError } from "./error.js";
import { escaped } from "./escape.js";

const AREA = "private-videos";

/** A file of a private video. A pass in its path opens all files of the video. */
export interface PrivateFile {
  /** The text that the signature of a pass authenticates. `expires` is in seconds since 1970. */
  text(expires: number | undefined): string;
  /** The path of the file with a pass, percent-encoded. */
  path(expires: number | undefined, signature: string): string;
}

/** The file of a private video, without the pass that its path may have. `undefined` for any other file. */
export function privateFile(segments: readonly string[]): PrivateFile | undefined {
  const [, area, ...rest] = segments;
  const [id, ...file] = rest[0]?.startsWith("~") ? rest.slice(1) : rest;
  if (area !== AREA || id === undefined || file.length === 0) return undefined;
  return {
    text: (expires) => {
      if (expires === undefined) throw new LinkError("the link of a private video needs an end: it opens all files of the video");
      return `/${AREA}/${escaped(id)}/?expires=${expires}`;
    },
    path: (expires, signature) => `/${AREA}/~${expires}.${signature}/${[id, ...file].map(encodeURIComponent).join("/")}`,
  };
}
