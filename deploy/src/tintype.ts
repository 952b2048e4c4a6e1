// The CDK app: the main stack, and checks by cdk-nag. A deployment in another region has up to two more stacks in
// us-east-1: one before it, with CloudFront's certificate and firewall, and one after it, with the CDN's log and
// alarms.
import { App, type AppProps, Stack, Tags, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Construct } from "constructs";

import type { Config } from "./config";
import { EdgeRegion, needsEdgeRegion } from "./delivery/edge-region";
import { TintypeStack } from "./stack";

/** Feature flags that select the CDK's current behaviour. They are here because `node dist/app.js` reads no cdk.json. */
const CONTEXT = {
  "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": true,
  "@aws-cdk/aws-iam:minimizePolicies": true,
  "@aws-cdk/core:checkSecretUsage": true,
  "@aws-cdk/core:target-partitions": ["aws"],
};

const CLOUDFRONT_REGION = "us-east-1";

export function tintype(config: Config, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, context: CONTEXT, ...props });
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  const environment = (region: string): { account?: string; region: string } =>
    account ? { account, region } : { region };
  const edgeRegion = (scope: Construct): EdgeRegion => {
    const isMainRegion = config.region === CLOUDFRONT_REGION || !needsEdgeRegion(config.delivery);
    const stack = isMainRegion
      ? scope
      : new Stack(app, `${config.stackName}-edge`, {
          env: environment(CLOUDFRONT_REGION),
          crossRegionReferences: true,
        });
    return new EdgeRegion(stack, "EdgeRegion", config);
  };
  const cdnRegion = (scope: Construct): Construct => {
    if (config.region === CLOUDFRONT_REGION) return scope;
    const id = `${config.stackName}-cdn`;
    return (
      app.node.tryFindChild(id) ??
      new Stack(app, id, { env: environment(CLOUDFRONT_REGION), crossRegionReferences: true })
    );
  };
  new TintypeStack(app, config.stackName, {
    description: "Tintype: uploads, image variants and videos",
    env: environment(config.region),
    crossRegionReferences: config.region !== CLOUDFRONT_REGION,
    terminationProtection: false,
    config,
    edgeRegion,
    cdnRegion,
  });
  Tags.of(app).add("application", "tintype");
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
