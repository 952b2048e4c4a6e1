// `node dist/app.js [--config FILE]` writes the CloudFormation templates to cdk.out. The CDK's CLI runs it as well.
import { join } from "node:path";

import { DEPLOY } from "./cdn";
import { readConfig } from "./config";
import { ConfigError } from "./schema";
import { tintype } from "./tintype";

/** The file named by `--config`, else by the environment, else the shipped one. */
function configFile(): string {
  const option = process.argv.indexOf("--config");
  const file = option > 0 ? process.argv[option + 1] : process.env["TINTYPE_DEPLOY_CONFIG"];
  return file ?? join(DEPLOY, "config.json");
}

try {
  tintype(readConfig(configFile()), { outdir: process.env["CDK_OUTDIR"] ?? join(DEPLOY, "cdk.out") }).synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  for (const line of error.message.split("\n")) console.error(`error: ${line}`);
  process.exitCode = 1;
}
