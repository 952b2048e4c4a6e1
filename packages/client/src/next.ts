import { imageUrl } from "./url.js";

/** The loader of `next/image`. Next.js has it from a file of your app with `export { default } from "@tintype/client/next"`. */
export default function tintypeLoader({ src, width, quality }: { src: string; width: number; quality?: number }): string {
  return imageUrl(src, { w: width, q: quality });
}
