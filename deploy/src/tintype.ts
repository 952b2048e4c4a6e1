// The CDK app: the main stack, and checks by cdk-nag. A deployment in another region has up to two more stacks in
// us-east-1: one before it, with CloudFront's certificate and firewall, and one after it, with the CDN's log and
// alarms.
import { App, type AppProps, Tags, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";

import type { Config } from "./config";
import { crossesRegions, regions } from "./regions";
import { ConfiguredStack } from "./stack";

/** Feature flags that select the CDK's current behaviour. They are here because `node dist/app.js` reads no cdk.json. */
const CONTEXT = {
  "@aws-cdk/aws-iam:minimizePolicies": true,
  "@aws-cdk/core:checkSecretUsage": true,
  "@aws-cdk/core:target-partitions": ["aws"],
};

export function tintype(config: Config, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, context: CONTEXT, ...props });
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  new ConfiguredStack(app, config.stackName, {
    description: "Tintype: uploads, image variants and videos",
    env: account ? { account, region: config.region } : { region: config.region },
    crossRegionReferences: crossesRegions(config.region),
    terminationProtection: false,
    config,
    ...regions(app, config, account),
  });
  Tags.of(app).add("application", "tintype");
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
