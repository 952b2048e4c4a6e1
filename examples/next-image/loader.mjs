// Loader for next/image. In next.config.js: images: { loader: "custom", loaderFile: "./loader.mjs" }
export default function tintypeLoader({ src, width, quality }) {
  return `${src}?w=${width}${quality ? `&q=${quality}` : ""}`;
}
