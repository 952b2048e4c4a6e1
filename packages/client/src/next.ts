import { imageUrl } from "./url.js";

/** The loader of `next/image`. A file of your app passes it to Next.js: `export { default } from "@tintype/client/next"`. */
export default function tintypeLoader({ src, width, quality }: { src: string; width: number; quality?: number }): string {
  return imageUrl(src, { w: width, q: quality });
}
