// What is published: files and sizes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), "utf8");
const manifestOf = (name) => JSON.parse(read(`../${name}/package.json`));

/** The size of everything that an entry point exports, minified and gzipped, in bytes. */
async function sizeOf(entry) {
  const names = Object.keys(await import(entry));
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names} } from "${entry}";`, resolveDir: here("..") },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["react", "react/jsx-runtime"],
    write: false,
    logLevel: "error",
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

/** What `npm pack` says about a package's tarball. */
function packed(name) {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: here(`../${name}`), stdio: ["ignore", "pipe", "ignore"] });
  return JSON.parse(output)[0];
}

test("no entry point is larger than its README says", async () => {
  const rows = [...read("../client/README.md").matchAll(/^\| `(@tintype\/client[^`]*)` .*\| ([\d.]+) kB \|$/gm)];
  const entries = Object.keys(manifestOf("client").exports).filter((entry) => entry !== "./package.json");
  assert.deepEqual(rows.map(([, entry]) => entry).sort(), entries.map((entry) => entry.replace(".", "@tintype/client")).sort());
  const [, react] = read("../react/README.md").match(/are ([\d.]+) kB, minified/);
  for (const [, entry, kilobytes] of [...rows, ["", "@tintype/react", react]]) {
    const size = await sizeOf(entry);
    assert.ok(size <= 1000 * Number(kilobytes), `${entry}: ${size} bytes`);
  }
  assert.ok((await sizeOf("@tintype/client")) <= 3000);
});

test("nothing runs when a package is installed, and the client has no dependencies", () => {
  assert.equal(manifestOf("client").dependencies, undefined);
  for (const name of ["client", "react"]) assert.equal(manifestOf(name).scripts, undefined, name);
});

test("no download is larger than the documents say", () => {
  const clients = read("../../docs/clients.md");
  const stated = (name) => Number(clients.match(new RegExp(`^\\| \\[\`${name}\`\\].* \\| ([\\d.]+) kB \\|$`, "m"))?.[1]);
  const sizes = { "tintype.py": readFileSync(here("../../clients/python/tintype.py")).length };
  for (const name of ["client", "react"]) sizes[`@tintype/${name}`] = packed(name).size;
  for (const [name, size] of Object.entries(sizes)) assert.ok(size <= 1000 * stated(name), `${name}: ${size} bytes`);
});

test("the tarballs have the compiled modules with their types, the README and both licences", () => {
  for (const name of ["client", "react"]) {
    const files = packed(name).files.map(({ path }) => path);
    for (const entry of Object.values(manifestOf(name).exports)) {
      const targets = typeof entry === "string" ? [entry] : Object.values(entry);
      for (const target of targets) assert.ok(files.includes(target.slice(2)), `${name}: ${target}`);
    }
    const others = files.filter((file) => !/^dist\/.*(\.js|\.d\.ts)$/.test(file));
    assert.deepEqual(others.sort(), ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"]);
    for (const file of files.filter((file) => file.endsWith(".js"))) {
      const source = file.replace("dist/", "src/").replace(/\.js$/, ".ts");
      assert.ok([source, `${source}x`].some((path) => existsSync(here(`../${name}/${path}`))), `${name}: ${file} has no source`);
    }
  }
});
