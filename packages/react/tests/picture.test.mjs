import assert from "node:assert/strict";
import { test } from "node:test";
import { Picture } from "@tintype/react";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";

const CAT = "/files/1/cat.jpg";

/** The attributes of each element that a picture renders, by the name of the element. */
function rendered(props) {
  const html = renderToStaticMarkup(createElement(Picture, { src: CAT, alt: "", ...props }));
  const attributes = (tag) => {
    const pairs = [...tag.matchAll(/([a-z]+)="([^"]*)"/gi)].map(([, name, value]) => [name.toLowerCase(), value.replaceAll("&amp;", "&")]);
    return Object.fromEntries(pairs);
  };
  return [...html.matchAll(/<(source|img) ([^>]*)>/g)].map(([, name, tag]) => ({ name, ...attributes(tag) }));
}

test("a picture with sizes has a candidate for each width, and a common width in src", () => {
  const [image, ...others] = rendered({ sizes: "50vw", sourceWidth: 500, parameters: { q: 75 } });
  assert.deepEqual(others, []);
  assert.equal(image.srcset, `${CAT}?w=256&q=75 256w, ${CAT}?w=384&q=75 384w, ${CAT}?w=480&q=75 480w, ${CAT}?w=640&q=75 500w`);
  assert.deepEqual([image.sizes, image.src, image.loading], ["50vw", `${CAT}?q=75&w=640`, "lazy"]);
});

test("a picture without sizes has its own size, or every width if it has none", () => {
  const [fixed] = rendered({ parameters: { w: 48, h: 48, fit: "crop" } });
  assert.deepEqual([fixed.src, fixed.srcset.split(", ").length, fixed.sizes], [`${CAT}?w=48&h=48&fit=crop`, 3, undefined]);
  const [preset] = rendered({ parameters: { preset: "card" }, sizes: "50vw" });
  assert.deepEqual([preset.src, preset.srcset], [`${CAT}?preset=card`, `${CAT}?preset=card`]);
  const [whole] = rendered({});
  assert.match(whole.srcset, /3840w$/);
});

test("other parameters for a part of the viewports are a source before the image", () => {
  const [source, image] = rendered({
    sizes: "100vw",
    parameters: { ar: "16:9", fit: "crop" },
    artDirection: [{ media: "(max-width: 40em)", parameters: { ar: "1:1", fit: "crop" }, sizes: "90vw" }],
  });
  assert.deepEqual([source.name, source.media, source.sizes], ["source", "(max-width: 40em)", "90vw"]);
  assert.match(source.srcset, /ar=1:1/);
  assert.match(image.srcset, /ar=16:9/);
});

test("attributes of img pass through, except for those that the component computes", () => {
  const [image] = rendered({ loading: "eager", width: 640, height: 480, className: "wide", alt: "A cat" });
  assert.deepEqual([image.loading, image.width, image.height, image.class, image.alt], ["eager", "640", "480", "wide", "A cat"]);
});
