import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { densitySrcset, imageUrl, LADDER, rungFor, sizes, srcset } from "@tintype/client";

const PHOTO = "https://cdn.example.com/files/1/cat.jpg";

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** Checks the query of a URL. */
function check(parameters, query, src = PHOTO) {
  assert.equal(imageUrl(src, parameters), `${PHOTO}${query}`);
}

test("a URL has the parameters in their order, and none that is undefined or false", () => {
  check({}, "");
  check({ w: 640, fm: "webp", q: undefined, lossless: false }, "?w=640&fm=webp");
  check({ w: 64, h: 64, fit: "crop", crop: "top,left", enlarge: true }, "?w=64&h=64&fit=crop&crop=top,left&enlarge=1");
  check({ rect: [1, 2, 3, 4], ar: "16:9", bg: "#fff" }, "?rect=1,2,3,4&ar=16:9&bg=%23fff");
  check({ original: true, dl: "" }, "?original&dl=");
  check({ dl: "a & b,c,.jpg" }, "?dl=a%20%26%20b,c,.jpg");
});

test("a query of the source stays, except for what is given again", () => {
  check({ w: 640 }, "?v=2&w=640", `${PHOTO}?v=2&w=320#top`);
  check({ w: 640 }, "?a=b?c&w=640", `${PHOTO}?a=b?c&`);
  assert.equal(imageUrl("/files/1/cat.jpg", { w: 64 }), "/files/1/cat.jpg?w=64");
});

test("a URL never ends a candidate of a srcset by itself", () => {
  check({ dl: "a,," }, "?dl=a,%2C");
});

test("a number that isn't finite is an error", () => {
  assert.throws(() => imageUrl(PHOTO, { w: Number.NaN }), /w must be a finite number, not NaN/);
  assert.throws(() => imageUrl(PHOTO, { rect: [0, 0, 1 / 0, 1] }), /rect must be a finite number/);
});

test("the ladder is that of the built-in policy", () => {
  assert.deepEqual(LADDER, JSON.parse(read("cdn-config/policy.json")).ladder);
  assert.deepEqual([1, 640, 641, 9999].map((width) => rungFor(width)), [16, 640, 750, 3840]);
  assert.equal(rungFor(300, [100, 200]), 200);
});

test("every parameter of the documented table has a type", () => {
  const rows = read("docs/image-api.md").match(/<!-- parameters: begin -->([^]*)<!-- parameters: end -->/)[1];
  const documented = [...rows.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  const types = read("packages/client/src/parameters.ts");
  const typed = [...types.matchAll(/^ {2}"?([a-z-]+)"?\??: /gm)].map(([, name]) => name);
  // `auto` has no effect, and links are signed by another entry point.
  const missing = documented.filter((name) => !typed.includes(name));
  assert.deepEqual(missing, ["auto", "expires", "s"]);
  assert.deepEqual([...new Set(typed)].filter((name) => !documented.includes(name)), []);
});

test("a srcset has each width of the ladder up to the source's own", () => {
  assert.equal(
    srcset("/cat.jpg", { q: 75 }, { sourceWidth: 700, from: 480 }),
    "/cat.jpg?w=480&q=75 480w, /cat.jpg?w=640&q=75 640w, /cat.jpg?w=750&q=75 700w",
  );
  assert.equal(srcset("/cat.jpg").split(", ").length, 13);
  assert.equal(srcset("/cat.jpg", {}, { sourceWidth: 20 }), "/cat.jpg?w=32 20w");
  assert.equal(srcset("/cat.jpg", {}, { ladder: [100, 400], to: 300 }), "/cat.jpg?w=400 400w");
});

test("candidates of a box have its ratio", () => {
  const box = { w: 480, h: 270, fit: "crop" };
  assert.equal(
    srcset("/cat.jpg", box, { from: 750, to: 828 }),
    "/cat.jpg?w=750&h=422&fit=crop 750w, /cat.jpg?w=828&h=466&fit=crop 828w",
  );
  assert.throws(() => srcset("/cat.jpg", { h: 270 }), /also needs w/);
});

test("a picture of fixed size has a candidate for each density", () => {
  assert.equal(densitySrcset("/cat.jpg", { h: 48 }, [1, 2]), "/cat.jpg?h=48&dpr=1 1x, /cat.jpg?h=48&dpr=2 2x");
});

test("sizes has a length for each condition", () => {
  assert.equal(
    sizes({ "75rem": 600, "(orientation: portrait)": "100vw" }, "50vw"),
    "(min-width: 75rem) 600px, (orientation: portrait) 100vw, 50vw",
  );
  assert.equal(sizes({}), "100vw");
});
