// Lets the real packages build URLs of one picture, and prints what each asks for, as JSON. The test in ../loaders.rs
// asks a running stack for them.
import ImgixClient from "@imgix/js-core";
import nextImage from "next/image.js";
import { transformUrl } from "unpic";
import tintypeLoader from "../../examples/next-image/loader.mjs";

const { EDGE, PHOTO } = process.env;
const url = EDGE + PHOTO;

console.log(JSON.stringify([...imgix(), ...unpic(), ...next(), ...webiny()]));

function imgix() {
  // The client takes a domain without a port, so the test's edge comes in its place.
  const client = new ImgixClient({ domain: "cdn.example.com", useHTTPS: false });
  const here = (text) => text.replaceAll("http://cdn.example.com", EDGE);
  const srcset = (parameters, options) => candidates(here(client.buildSrcSet(PHOTO, parameters, options)));
  const box = { w: 320, h: 240, fit: "crop" };
  return [
    asks("imgix: buildURL", here(client.buildURL(PHOTO, { w: 640, auto: "format,compress" })), 640),
    asks("imgix: buildURL with a box", here(client.buildURL(PHOTO, { ...box, crop: "top,left", q: 60 })), 320, 240),
    ...srcset().map(({ url, width }) => asks("imgix: fluid srcset", url, width)),
    ...srcset({}, { widths: [100, 500] }).map(({ url, width }) => asks("imgix: srcset of widths", url, width)),
    ...srcset(box).map(({ url, ratio }) => asks("imgix: srcset of ratios", url, 320 * ratio, 240 * ratio)),
  ];
}

function unpic() {
  const build = (operations) => transformUrl({ url, provider: "imgix", ...operations }).toString();
  return [
    asks("unpic: width", build({ width: 480 }), 480),
    asks("unpic: box", build({ width: 256, height: 256 }), 256, 256),
    asks("unpic: format", build({ width: 640, format: "webp", quality: 75 }), 640, undefined, "image/webp"),
  ];
}

function next() {
  const props = (options) => nextImage.getImageProps({ src: url, alt: "", loader: tintypeLoader, ...options }).props;
  // Of a fixed size it asks for the next of its own widths.
  const { src, srcSet } = props({ width: 640, height: 480, quality: 75 });
  const width = (url) => Number(new URL(url).searchParams.get("w"));
  return [
    ...candidates(srcSet).map(({ url }) => asks("next/image: fixed", url, width(url))),
    asks("next/image: src", src, width(src)),
    ...candidates(props({ fill: true, sizes: "50vw" }).srcSet).map(({ url, width }) =>
      asks("next/image: fill", url, width),
    ),
  ];
}

/** Webiny's File Manager writes its URLs by hand. */
function webiny() {
  return [64, 500, 1200].map((width) => asks("Webiny", `${url}?width=${width}`, width));
}

/** What a URL asks for: CSS pixels times their ratio. */
function asks(by, url, width, height, type) {
  return { by, url: url.replace(EDGE, ""), width, height, type };
}

/** The candidates of a srcset: "URL 640w" or "URL 2x". */
function candidates(srcset) {
  return srcset.split(/,\s+/).map((candidate) => {
    const [url, descriptor] = candidate.split(" ");
    const number = parseFloat(descriptor);
    return descriptor.endsWith("w") ? { url, width: number } : { url, ratio: number };
  });
}
