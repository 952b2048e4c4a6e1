/** A colour: `rgb`, `argb`, `rrggbb` or `aarrggbb` in hexadecimal digits, or the name of a CSS colour. */
export type Color = string;

/** How a picture fits `w` and `h`. The default is `max`, which keeps the whole picture and never enlarges it. */
export type Fit = "max" | "clip" | "crop" | "min" | "fill" | "fillmax" | "scale";

/** The part that `fit: "crop"` keeps. */
export type Crop =
  | "center"
  | "top"
  | "bottom"
  | "left"
  | "right"
  | "top,left"
  | "top,right"
  | "bottom,left"
  | "bottom,right"
  | "entropy"
  | "attention"
  | "faces"
  | "focalpoint";

/** An output format. `auto`, the default, is chosen by the viewer's `Accept`; `json` describes the source. */
export type Format = "auto" | "avif" | "webp" | "jpeg" | "jpg" | "png" | "gif" | "json";

/** Parameters of every request. */
interface CommonParameters {
  /** A version of your own: at most 32 letters, digits, dots, colons, hyphens, underscores and tildes. */
  v?: string | number | undefined;
  /** Saves the response under this name. `""` is the file's own name. */
  dl?: string | undefined;
}

/**
 * The parameters of a variant. Without a signature, a deployment at the level `sizes` accepts `preset`, `w`, `h`,
 * `dpr`, `fit` of a listed shape, `crop` at an edge or in a corner, `ar`, `q` and `fm`.
 */
export interface VariantParameters extends CommonParameters {
  /** The name of a preset of the policy. */
  preset?: string | undefined;
  /** The width in CSS pixels, from 1 to 8192. */
  w?: number | undefined;
  /** The height in CSS pixels, from 1 to 8192. */
  h?: number | undefined;
  /** Device pixels per CSS pixel, from 0.5 to 5. */
  dpr?: number | undefined;
  fit?: Fit | undefined;
  /** Permits `fit: "crop"` to enlarge. */
  enlarge?: boolean | undefined;
  crop?: Crop | undefined;
  /** The focal point's distance from the left edge, from 0 to 1. */
  "fp-x"?: number | undefined;
  /** The focal point's distance from the upper edge, from 0 to 1. */
  "fp-y"?: number | undefined;
  /** A ratio such as `16:9`, with `fit: "crop"` and one of `w` and `h`. */
  ar?: `${number}:${number}` | undefined;
  /** Left, top, width and height of the part of the source to use, in its pixels. */
  rect?: readonly [x: number, y: number, w: number, h: number] | undefined;
  /** Rotates counter-clockwise by degrees. */
  rot?: 0 | 90 | 180 | 270 | undefined;
  /** Flips horizontally, vertically or both. */
  flip?: "h" | "v" | "hv" | undefined;
  /** Removes a border in the colour of the upper left pixel, or in this colour. */
  trim?: "auto" | Color | undefined;
  /** Averages light instead of samples where the picture is made smaller. */
  light?: "linear" | undefined;
  /** Gaussian blur, from 0 to 2000: 20 is a standard deviation of one pixel. */
  blur?: number | undefined;
  /** Unsharp mask, from 0 to 100. */
  sharp?: number | undefined;
  /** The name of a mark of the policy, which is laid over the picture. */
  mark?: string | undefined;
  /** The colour under transparency and around a filled picture. */
  bg?: Color | undefined;
  /** The encoder's quality, from 1 to 100. */
  q?: number | "auto" | undefined;
  /** Lossless WebP. */
  lossless?: boolean | undefined;
  /** One frame of an animation, or one page of a document, from 1. */
  frame?: number | undefined;
  /** The moment of a video in seconds, for the path `/videos/<id>/frame.jpg`. */
  t?: number | undefined;
  /** Describes the variant as JSON. Needs a signature. */
  explain?: boolean | undefined;
  fm?: Format | undefined;
  original?: undefined;
}

/** The parameters of a request for the file as it was uploaded. */
export interface OriginalParameters extends CommonParameters {
  original: true;
}

/** The parameters of the image API. */
export type ImageParameters = VariantParameters | OriginalParameters;
