// The documents in ../docs as a site: `npm run build` writes it to .vitepress/dist. Without SITE_REPOSITORY, the address of the
// repository's files such as https://host/owner/tintype/blob/main, links to files outside docs become text.
import { copyFileSync, readdirSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vitepress";

const DOCS = fileURLToPath(new URL("../../docs", import.meta.url));
const PACKAGES = fileURLToPath(new URL("../node_modules", import.meta.url));
const REPOSITORY = process.env.SITE_REPOSITORY;

/** The address of a linked file outside docs, or undefined for every other link. */
function outside(href, page) {
  if (/^([a-z]+:|#|\/)/.test(href)) return undefined;
  const path = relative(DOCS, resolve(DOCS, dirname(page), href.split("#")[0])).replaceAll("\\", "/");
  return path.startsWith("../") ? path.slice("../".length) : undefined;
}

/** Sends links to files outside docs to the repository, or makes them text. */
function repositoryLinks(markdown) {
  markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
    for (const { children } of tokens) {
      let isText = false;
      for (const token of children ?? []) {
        const path = token.type === "link_open" ? outside(token.attrGet("href"), env.relativePath) : undefined;
        if (path !== undefined && REPOSITORY) token.attrSet("href", posix.join(REPOSITORY, path).replace(":/", "://"));
        if (path !== undefined && !REPOSITORY) isText = true;
        if (!isText || !token.type.startsWith("link_")) continue;
        if (token.type === "link_close") isText = false;
        Object.assign(token, { type: "text", tag: "", content: "", nesting: 0, attrs: null });
      }
    }
  });
}

/** A heading's fragment, as code hosts compute it. The documents are read there, too. */
const slug = (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
    .replaceAll(" ", "-");

const page = (text, link) => ({ text, link });

export default defineConfig({
  title: "Tintype",
  description: "Every size and format of your pictures, made while the request waits",
  srcDir: "../docs",
  cleanUrls: false,
  rewrites: { "decisions/README.md": "decisions/index.md" },
  markdown: { config: repositoryLinks, anchor: { slugify: slug } },
  // Pages are outside the folder of the packages, and import these. The playground imports sources of the local page.
  vite: {
    server: { fs: { allow: [fileURLToPath(new URL("../..", import.meta.url))] } },
    resolve: {
      alias: [
        { find: /^vue$/, replacement: join(PACKAGES, "vue/dist/vue.runtime.esm-bundler.js") },
        { find: /^vue\/server-renderer$/, replacement: join(PACKAGES, "@vue/server-renderer/dist/server-renderer.esm-bundler.js") },
      ],
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: [
      { text: "Start", items: [page("Tintype", "/"), page("Playground", "/playground"), page("Installing", "/install"), page("Upgrades and backups", "/upgrade")] },
      {
        text: "Use",
        items: [
          page("Image API", "/image-api"),
          page("Signed links", "/signed-links"),
          page("Automatic quality", "/auto-quality"),
          page("AVIF", "/avif"),
          page("Uploads", "/upload-api"),
          page("The library", "/library"),
          page("Videos", "/video"),
          page("Webhooks", "/webhooks"),
          page("Clients", "/clients"),
        ],
      },
      {
        text: "Migrate",
        items: [
          page("From imgix", "/migrate-imgix"),
          page("From Cloudinary", "/migrate-cloudinary"),
          page("From sharp behind Express", "/migrate-sharp"),
          page("From imgproxy", "/migrate-imgproxy"),
          page("From DIT", "/migrate-dit"),
        ],
      },
      {
        text: "Run",
        items: [
          page("Deploying to AWS", "/deploy"),
          page("Without CloudFront", "/serve"),
          page("Configuration", "/configuration"),
          page("Policy", "/policy"),
          page("Operating", "/operations"),
          page("Security", "/security-model"),
          page("Costs", "/cost"),
          page("Benchmarks", "/benchmarks"),
        ],
      },
      {
        text: "Inside",
        items: [
          page("A tour of the code", "/tour"),
          page("Glossary", "/glossary"),
          page("The local MediaConvert", "/local-mediaconvert"),
          page("The local deployment", "/deployed"),
          page("Decisions", "/decisions/"),
        ],
      },
    ],
  },
  // Tables of parameters get the width of the outline.
  transformPageData: ({ relativePath, frontmatter }) => {
    if (relativePath.startsWith("migrate-")) frontmatter.aside = false;
  },
  // Linked from pages, and not part of VitePress' build.
  buildEnd: ({ outDir }) => {
    for (const file of readdirSync(DOCS).filter((name) => name.endsWith(".json"))) copyFileSync(join(DOCS, file), join(outDir, file));
  },
});
