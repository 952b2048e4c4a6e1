// The loader that docs/image-api.md gives for next/image: `images: { loader: "custom", loaderFile: … }`.
export default function tintypeLoader({ src, width, quality }) {
  return `${src}?w=${width}${quality ? `&q=${quality}` : ""}`;
}
