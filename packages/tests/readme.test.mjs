// The examples of each package's README, run against the stack at EDGE. A comment behind `console.log(…)` is what it prints. A
// comment at the end of a component is a part of the HTML that it renders.
import assert from "node:assert/strict";
import { File } from "node:buffer";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { transform } from "esbuild";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { png } from "./pictures.mjs";

const CDN = "https://cdn.example.com";

/** The key of the test vectors, whose signatures the examples show. */
const SECRET = "0123456789abcdef0123456789abcdef";

const { EDGE } = process.env;
assert.ok(EDGE, "EDGE must be the address of a running local stack, such as http://127.0.0.1:8080");

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
// Modules here find the packages as an app does.
const folder = here("../node_modules/.examples/");

after(() => rmSync(folder, { recursive: true, force: true }));

for (const name of ["client", "react"]) {
  const blocks = [...readFileSync(here(`../${name}/README.md`), "utf8").matchAll(/^```(jsx?)\n([^]*?)^```$/gm)];
  test(`the README of ${name} has examples`, () => assert.ok(blocks.length >= 5, String(blocks.length)));
  for (const [index, [, language, code]] of blocks.entries()) {
    test(`example ${index + 1} of the README of ${name}`, async () => {
      const module = await moduleOf(`${name}-${index}.mjs`, code);
      const { exports, printed } = await run(module);
      const expected = [...code.matchAll(/^ *\/\/ (.*)$/gm)].map(([, line]) => line);
      if (language === "js") return assert.deepEqual(printed, expected);
      const html = renderToStaticMarkup(createElement(exports.default));
      assert.ok(expected.length > 0);
      for (const part of expected) assert.ok(html.includes(part), `${part}\n${html}`);
    });
  }
}

async function moduleOf(name, code) {
  const compiled = await transform(code, { loader: "jsx", jsx: "automatic", format: "esm" });
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + name, compiled.code.replaceAll(`${CDN}"`, `${EDGE}"`).replaceAll(`${CDN}/files/"`, `${EDGE}/files/"`));
  return folder + name;
}

/** Runs a module with what the examples presuppose. Returns its exports and what it prints. */
async function run(module) {
  const printed = [];
  const { log } = console;
  const environment = { TINTYPE_LINK_SECRET: SECRET, TINTYPE_SESSION_SECRET: SECRET };
  const before = { ...process.env };
  Object.assign(process.env, environment);
  Object.assign(globalThis, { file: new File([png(640, 480)], "cat.png", { type: "image/png" }), bar: {} });
  console.log = (...values) => printed.push(format(...values));
  try {
    return { exports: await import(module), printed };
  } finally {
    console.log = log;
    process.env = before;
  }
}
