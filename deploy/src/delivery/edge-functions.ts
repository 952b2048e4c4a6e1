// The edge functions and their key-value store.
import { createHash } from "node:crypto";
import { join } from "node:path";

import { CustomResource, Duration, RemovalPolicy } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import type * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

import { CDN, DEPLOY } from "../cdn";
import type { Config } from "../config";
import { accept } from "../nag";
import { globalName } from "./headers";
import { generatedSecret } from "../secret";
import { afterPermissions, functionRole, tracing } from "../service";

export class EdgeFunctions extends Construct {
  readonly viewerRequest: cloudfront.Function;
  readonly viewerResponse: cloudfront.Function;
  readonly store: cloudfront.KeyValueStore;
  /** Complete when the store has its data. Resources that need the data depend on it. */
  readonly filled: CustomResource;
  /** The secret of signed links: `new,old` during a rotation. */
  readonly linkSecret: secretsmanager.Secret;

  /** `resize` is the function that renders the variants that the edge functions request. */
  constructor(scope: Construct, id: string, config: Config, resize: lambda.Function) {
    super(scope, id);
    this.store = new cloudfront.KeyValueStore(this, "Policy", {
      keyValueStoreName: globalName(this, "Policy"),
      comment: "The policy: the requests that viewers may send",
    });
    this.linkSecret = generatedSecret(this, "LinkSecret", "The secret with which links are signed and verified");
    this.filled = this.fill(config);
    this.viewerRequest = new cloudfront.Function(this, "ViewerRequest", {
      comment: "Turns a request into its canonical path, or refuses it",
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromInline(CDN.functions.viewerRequest),
      keyValueStore: this.store,
    });
    // A new function may need new data, so the data is written first. The old function works with both.
    this.viewerRequest.node.addDependency(this.filled);
    // The new edge function may write paths that the old resize function doesn't understand.
    this.viewerRequest.node.addDependency(resize);
    this.viewerResponse = new cloudfront.Function(this, "ViewerResponse", {
      comment: "Adds Vary if the format was negotiated, and names of downloads",
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromInline(CDN.functions.viewerResponse),
      // A preset may name a format.
      keyValueStore: this.store,
    });
    this.viewerResponse.node.addDependency(this.filled);
  }

  /**
   * CloudFormation can set a store's data only at its creation ("ImportSource: updates are not supported"). So a function
   * of this project writes the changes at every deployment that has some.
   */
  private fill(config: Config): CustomResource {
    const scope = new Construct(this, "Fill");
    const logGroup = new logs.LogGroup(scope, "Log", {
      retention: config.observability.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = functionRole(scope, logGroup, config);
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "Fill",
        actions: [
          "cloudfront-keyvaluestore:DescribeKeyValueStore",
          "cloudfront-keyvaluestore:ListKeys",
          "cloudfront-keyvaluestore:UpdateKeys",
        ],
        resources: [this.store.keyValueStoreArn],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "ReadLinkSecret",
        actions: ["secretsmanager:GetSecretValue"],
        resources: [this.linkSecret.secretArn],
      }),
    );
    const fill = new lambda.Function(scope, "Function", {
      description: "Writes the policy into the key-value store when a deployment changes it",
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: "index.handler",
      code: lambda.Code.fromAsset(join(DEPLOY, "dist/fill-bundle")),
      memorySize: 256,
      timeout: Duration.minutes(5),
      role: role.withoutPolicyUpdates(),
      logGroup,
      tracing: tracing(config),
    });
    afterPermissions(fill, role);
    accept(fill, "L1", "Node.js 22 is supported everywhere; 24 isn't in every region yet.");
    return new CustomResource(scope, "Data", {
      resourceType: "Custom::KeyValues",
      serviceToken: fill.functionArn,
      properties: {
        Store: this.store.keyValueStoreArn,
        LinkSecret: this.linkSecret.secretArn,
        // The data is in the function's package. A new digest makes CloudFormation call the function.
        Digest: createHash("sha256").update(JSON.stringify(CDN.keyValues)).digest("hex"),
        // A new number makes the function read the secret again.
        SecretsVersion: config.secretsVersion,
      },
    });
  }
}
