// Builds URLs of a picture with the real packages, and prints the requests as JSON. The test in ../loaders.rs sends them to
// a running stack.
import ImgixClient from "@imgix/js-core";
import nextImage from "next/image.js";
import { transformProps } from "@unpic/core";
import { transformBaseImageProps } from "@unpic/core/base";
import { transformUrl } from "unpic";
import tintypeLoader from "../../examples/next-image/loader.mjs";
import { densitySrcset, srcset } from "../../packages/client/dist/index.js";
import packagedLoader from "../../packages/client/dist/next.js";
import { transform } from "../../packages/client/dist/unpic.js";

const { EDGE, PHOTO } = process.env;
const url = EDGE + PHOTO;

console.log(JSON.stringify([...imgix(), ...unpic(), ...next("next/image", tintypeLoader), ...webiny(), ...packages()]));

function imgix() {
  // The client accepts no port in a domain, so the test's edge replaces the domain in the URLs.
  const client = new ImgixClient({ domain: "cdn.example.com", useHTTPS: false });
  const here = (text) => text.replaceAll("http://cdn.example.com", EDGE);
  const srcset = (parameters, options) => candidates(here(client.buildSrcSet(PHOTO, parameters, options)));
  const box = { w: 320, h: 240, fit: "crop" };
  return [
    request("imgix: buildURL", here(client.buildURL(PHOTO, { w: 640, auto: "format,compress" })), 640),
    request("imgix: buildURL with a box", here(client.buildURL(PHOTO, { ...box, crop: "top,left", q: 60 })), 320, 240),
    ...srcset().map(({ url, width }) => request("imgix: fluid srcset", url, width)),
    ...srcset({}, { widths: [100, 500] }).map(({ url, width }) => request("imgix: srcset of widths", url, width)),
    ...srcset(box).map(({ url, ratio }) => request("imgix: srcset of ratios", url, 320 * ratio, 240 * ratio)),
    ...srcset({ ar: "16:9", fit: "crop" }).map(({ url, width }) =>
      request("imgix: fluid srcset with ar", url, width, (width * 9) / 16),
    ),
    ...srcset({ w: 200, ar: "3:2", fit: "crop" }).map(({ url, ratio }) =>
      request("imgix: srcset of ratios with ar", url, 200 * ratio, (400 / 3) * ratio),
    ),
    ...srcset({ h: 180, ar: "16:9", fit: "crop" }).map(({ url, ratio }) =>
      request("imgix: srcset of ratios with h and ar", url, 320 * ratio, 180 * ratio),
    ),
  ];
}

function unpic() {
  const build = (operations) => transformUrl({ url, provider: "imgix", ...operations }).toString();
  return [
    request("unpic: width", build({ width: 480 }), 480),
    request("unpic: box", build({ width: 256, height: 256 }), 256, 256),
    request("unpic: format", build({ width: 640, format: "webp", quality: 75 }), 640, undefined, "image/webp"),
    ...unpicImages("unpic", (props) => transformProps({ cdn: "imgix", ...props })),
  ];
}

/** The URLs of an `<Image>` of unpic in each layout. In the layout `fullWidth` they have no height. */
function unpicImages(by, propsOf) {
  const images = { constrained: { width: 800, height: 600 }, fixed: { width: 320, height: 180 }, fullWidth: {} };
  return Object.entries(images).flatMap(([layout, size]) => {
    const { srcset } = propsOf({ src: url, layout, ...size });
    const height = (width) => (layout === "fullWidth" ? undefined : (width * size.height) / size.width);
    return candidates(srcset).map(({ url, width }) => request(`${by}: ${layout}`, url, width, height(width)));
  });
}

/** The URLs of `@tintype/client`, by itself, in unpic and in Next.js. */
function packages() {
  const box = { w: 480, h: 270, fit: "crop" };
  return [
    ...candidates(srcset(url)).map(({ url, width }) => request("@tintype/client: srcset", url, width)),
    ...candidates(srcset(url, box, { sourceWidth: 1600 })).map(({ url, width }) =>
      request("@tintype/client: srcset of a box", url, width, (width * 270) / 480),
    ),
    ...candidates(densitySrcset(url, box)).map(({ url, ratio }) =>
      request("@tintype/client: densities", url, 480 * ratio, 270 * ratio),
    ),
    ...unpicImages("@tintype/client in unpic", (props) => transformBaseImageProps({ transformer: transform, ...props })),
    ...next("@tintype/client in next/image", packagedLoader),
  ];
}

function next(by, loader) {
  const props = (options) => nextImage.getImageProps({ src: url, alt: "", loader, ...options }).props;
  // For a fixed size, the component requests the next width of its own list.
  const { src, srcSet } = props({ width: 640, height: 480, quality: 75 });
  const width = (url) => Number(new URL(url).searchParams.get("w"));
  return [
    ...candidates(srcSet).map(({ url }) => request(`${by}: fixed`, url, width(url))),
    request(`${by}: src`, src, width(src)),
    ...candidates(props({ fill: true, sizes: "50vw" }).srcSet).map(({ url, width }) =>
      request(`${by}: fill`, url, width),
    ),
  ];
}

/** Webiny's File Manager builds its URLs without a package. */
function webiny() {
  return [64, 500, 1200].map((width) => request("Webiny", `${url}?width=${width}`, width));
}

/** A request: its URL, and the expected size in device pixels. */
function request(by, url, width, height, type) {
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
