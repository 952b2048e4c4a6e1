import type { Format, VariantParameters } from "./parameters.js";
import { imageUrl } from "./url.js";

/** The operations that unpic asks for, and any parameter of the image API. */
export interface Operations extends VariantParameters {
  width?: number | string | undefined;
  height?: number | string | undefined;
  quality?: number | string | undefined;
  format?: string | undefined;
}

/**
 * A transformer of unpic: `<Image transformer={transform} src="…" width={640} height={480} />` of `@unpic/react/base`
 * and the like. A picture with both sides is cropped to them, as unpic's own providers do.
 */
export function transform(src: string | URL, { width, height, quality, format, ...rest }: Operations): string {
  return imageUrl(String(src), {
    w: rounded(width),
    h: rounded(height),
    ...(width && height ? { fit: "crop" as const } : {}),
    q: quality === undefined ? undefined : Number(quality),
    fm: format as Format | undefined,
    ...rest,
  });
}

function rounded(pixels: number | string | undefined): number | undefined {
  return pixels === undefined ? undefined : Math.round(Number(pixels));
}
