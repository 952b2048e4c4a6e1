// The packages of a judge, and the file in which it reports.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const { FOLDER, RESULTS, CHROMIUM, FIREFOX } = process.env;

/** Loads a package that ./judge has installed. */
export const load = createRequire(path.join(FOLDER, "judge.cjs"));

/** The path of a file in an installed package. */
export const file = (name) => path.join(FOLDER, "node_modules", name);

/** The name and version of an installed package. */
export function version(name) {
  return `${name} ${JSON.parse(readFileSync(file(`${name}/package.json`), "utf8")).version}`;
}

/** Writes what a judge reports: `results` are objects with `group`, `name` and `failure`, which is null for what has passed. */
export function report(judge, tried, results) {
  writeFileSync(RESULTS, JSON.stringify({ judge, tried, results }));
}

/** The longest time that a check may take, in milliseconds. */
const PATIENCE = 120_000;

/** The result of a check, which fails by an exception or by time. */
export async function result(group, name, check) {
  try {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no end")), PATIENCE).unref());
    await Promise.race([check(), late]);
    return { group, name, failure: null };
  } catch (error) {
    return { group, name, failure: String(error?.message ?? error).slice(0, 500) };
  }
}

/** A browser without a window: `chromium`, or a `firefox` of the system. */
export function launch(name = "chromium") {
  const { chromium, firefox } = load("playwright-core");
  if (name === "firefox") {
    const firefoxUserPrefs = { "media.autoplay.default": 0, "media.autoplay.blocking_policy": 0 };
    return firefox.launch({ channel: "moz-firefox", executablePath: FIREFOX, firefoxUserPrefs });
  }
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  args.push("--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required");
  return chromium.launch({ executablePath: CHROMIUM, args });
}
