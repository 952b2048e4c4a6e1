// Lighthouse on the page: page.mjs STATE measures it on a phone and on a desktop, and adds the scores to scores.json; page.mjs alone
// reports all of them. The phone is Lighthouse's: a slow processor behind a slow network, both simulated.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { file, report, version } from "../harness/report.mjs";

const { EDGE, FOLDER, CHROMIUM } = process.env;
const SCORES = path.join(FOLDER, "scores.json");

/** The least score, of 100. */
const LEAST = 95;
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const DEVICES = { phone: [], desktop: ["--preset=desktop"] };
const FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";

const scores = existsSync(SCORES) ? JSON.parse(readFileSync(SCORES, "utf8")) : [];
const [state] = process.argv.slice(2);
if (state) {
  for (const [device, options] of Object.entries(DEVICES)) scores.push(...scoresOf(`${state}, ${device}`, options));
  writeFileSync(SCORES, JSON.stringify(scores));
} else {
  const results = scores.map(({ group, category, score, lost }) => ({
    group: `${group}: ${category} ${score}`,
    name: `${group}: ${category}`,
    failure: score >= LEAST ? null : `${score} is less than ${LEAST}: ${lost.join(", ")}`,
  }));
  const versions = `${version("lighthouse")}, ${execFileSync(CHROMIUM, ["--version"], { encoding: "utf8" }).trim()}`;
  report(versions, `the page without files and with many, on a phone and on a desktop, of which each score is at least ${LEAST}`, results);
}

/** The score of each category, with the audits that lose points. */
function scoresOf(group, options) {
  const cli = file("lighthouse/cli/index.js");
  const args = [cli, EDGE, "--quiet", "--output=json", `--only-categories=${CATEGORIES}`, `--chrome-flags=${FLAGS}`, ...options];
  const output = execFileSync("node", args, { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, CHROME_PATH: CHROMIUM } });
  const { categories, audits, runtimeError } = JSON.parse(output);
  if (runtimeError) throw new Error(`${group}: ${runtimeError.message}`);
  return CATEGORIES.map((category) => {
    const { score, auditRefs } = categories[category];
    const losing = auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9);
    const lost = losing.map(({ id }) => `${id} ${audits[id].displayValue ?? ""}`.trim());
    return { group, category, score: Math.round(score * 100), lost };
  });
}
