import { densitySrcset, imageUrl, LADDER, rungFor, srcset, type VariantParameters } from "@tintype/client";
import type { ComponentPropsWithRef, ReactElement } from "react";

/** The width of `src` in pixels, for programs that don't read `srcset`. */
const PLAIN_WIDTH = 1080;

/** Other parameters for a part of all viewports. */
export interface ArtDirection {
  /** A media condition such as `(max-width: 40em)`. */
  media: string;
  parameters: VariantParameters;
  /** The layout width under this condition. Default: that of the picture. */
  sizes?: string | undefined;
}

export interface PictureProps extends Omit<ComponentPropsWithRef<"img">, "src" | "srcSet" | "alt"> {
  /** The URL of the file, without parameters. */
  src: string;
  /** The text instead of the picture; `""` for a decoration. */
  alt: string;
  /**
   * The layout width, such as `(min-width: 60em) 50vw, 100vw`, which `sizes` of `@tintype/client` writes. Without it the
   * picture has the fixed size of `parameters`.
   */
  sizes?: string | undefined;
  /** The parameters of every candidate, such as `{ w: 480, h: 270, fit: "crop" }`. With a preset there is one candidate. */
  parameters?: VariantParameters | undefined;
  /** The first one whose condition holds is used. */
  artDirection?: readonly ArtDirection[] | undefined;
  /** The source's own width in pixels: no candidate is larger than needed for it. */
  sourceWidth?: number | undefined;
  /** The ladder of your policy, if it isn't the built-in one. */
  ladder?: readonly number[] | undefined;
}

/**
 * A `<picture>` of which the browser chooses the width and the CDN the format. All attributes of `<img>` pass through; give
 * `width` and `height`, so that the page doesn't jump. It has no state, so it also renders on a server.
 */
export function Picture(props: PictureProps): ReactElement {
  const { src, alt, sizes, parameters = {}, artDirection = [], sourceWidth, ladder = LADDER, ...rest } = props;
  const candidates = (wanted: VariantParameters, layout: string | undefined) => {
    // A preset with another size would need a signature.
    if (wanted.preset) return imageUrl(src, wanted);
    const isFixed = layout === undefined && hasSize(wanted);
    return isFixed ? densitySrcset(src, wanted) : srcset(src, wanted, { sourceWidth, ladder });
  };
  const plainWidth = rungFor(Math.min(PLAIN_WIDTH, sourceWidth ?? PLAIN_WIDTH), ladder);
  const plain = hasSize(parameters) ? parameters : { ...parameters, w: plainWidth };
  return (
    <picture>
      {artDirection.map(({ media, parameters: wanted, sizes: layout = sizes }) => (
        <source key={media} media={media} srcSet={candidates(wanted, layout)} sizes={layout} />
      ))}
      <img loading="lazy" decoding="async" {...rest} alt={alt} sizes={sizes} srcSet={candidates(parameters, sizes)} src={imageUrl(src, plain)} />
    </picture>
  );
}

function hasSize({ w, h, preset }: VariantParameters): boolean {
  return Boolean(w || h || preset);
}
