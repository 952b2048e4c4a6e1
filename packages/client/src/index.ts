export { LADDER, rungFor } from "./ladder.js";
export type {
  Color,
  Crop,
  Fit,
  Format,
  ImageParameters,
  OriginalParameters,
  VariantParameters,
} from "./parameters.js";
export { sizes, type Length } from "./sizes.js";
export { densitySrcset, srcset, type SrcsetOptions } from "./srcset.js";
export { imageUrl } from "./url.js";
