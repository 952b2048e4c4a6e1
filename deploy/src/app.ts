// `node dist/app.js [--config FILE]` makes the CloudFormation templates in cdk.out. The CDK's CLI runs it, too.
import { join } from "node:path";

import { ConfigError, readConfig } from "./config";
import { DEPLOY } from "./cdn";
import { tintype } from "./tintype";

/** The file of `--config`, else of the environment, else the one that ships. */
function configFile(): string {
  const place = process.argv.indexOf("--config");
  const named = place > 0 ? process.argv[place + 1] : process.env["TINTYPE_DEPLOY_CONFIG"];
  return named ?? join(DEPLOY, "config.json");
}

try {
  tintype(readConfig(configFile()), { outdir: process.env["CDK_OUTDIR"] ?? join(DEPLOY, "cdk.out") }).synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
