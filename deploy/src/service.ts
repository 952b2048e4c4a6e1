// A Lambda function of this project: a packaged program, its log, and a role that may only log, and trace if configured.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Annotations, Duration, RemovalPolicy } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

import { DEPLOY } from "./cdn";
import type { Config } from "./config";
import { accept } from "./nag";

export interface ServiceProps {
  /** The folder of the program below `target/lambda`, where `./package` writes it. */
  readonly program: string;
  readonly description: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly concurrency: number | undefined;
  readonly environment: Record<string, string>;
}

export class Service extends Construct {
  readonly function: lambda.Function;
  readonly role: iam.Role;
  readonly logGroup: logs.LogGroup;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;

  constructor(scope: Construct, id: string, config: Config, props: ServiceProps) {
    super(scope, id);
    this.timeoutSeconds = props.timeoutSeconds;
    this.memoryMegabytes = props.memoryMegabytes;
    this.logGroup = new logs.LogGroup(this, "Log", {
      retention: config.observability.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = functionRole(this, this.logGroup, config);
    const { logLevel } = config.observability;
    this.function = new lambda.Function(this, "Function", {
      description: props.description,
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: config.architecture === "arm64" ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
      handler: "bootstrap",
      code: this.packagedCode(props.program),
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.concurrency === undefined ? {} : { reservedConcurrentExecutions: props.concurrency }),
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      tracing: tracing(config),
      environment: { ...props.environment, ...(logLevel === undefined ? {} : { TINTYPE_LOG: logLevel }) },
    });
    afterPermissions(this.function, this.role);
  }

  /** The package that `./package` writes. Without it the template is written, but the CDK's CLI refuses to deploy it. */
  private packagedCode(program: string): lambda.Code {
    // The package for npm contains the functions.
    const packaged = join(DEPLOY, "lambda");
    const built = existsSync(packaged) ? packaged : join(DEPLOY, "../target/lambda");
    const folder = process.env["TINTYPE_PACKAGES"] ?? built;
    const zip = join(folder, program, "bootstrap.zip");
    if (existsSync(zip)) return lambda.Code.fromAsset(zip);
    Annotations.of(this).addError(`${program} isn't packaged: run ./package`);
    const standIn = join(tmpdir(), "tintype-not-packaged");
    mkdirSync(standIn, { recursive: true });
    writeFileSync(join(standIn, "bootstrap"), "#!/bin/sh\necho 'not packaged: run ./package' >&2; exit 1\n", {
      mode: 0o755,
    });
    return lambda.Code.fromAsset(standIn);
  }
}

/** Creates the function after the permissions of its role. Otherwise its first calls could fail. */
export function afterPermissions(target: lambda.Function, role: iam.Role): void {
  target.node.addDependency(role.node.findChild("DefaultPolicy"));
}

/** A function that starts no traces adopts the decision of its caller. */
export function tracing(config: Config): lambda.Tracing {
  return config.observability.traces ? lambda.Tracing.ACTIVE : lambda.Tracing.PASS_THROUGH;
}

/** A role that may write to one log group and, if the functions are traced, send traces. */
export function functionRole(scope: Construct, logGroup: logs.LogGroup, config: Config): iam.Role {
  const role = new iam.Role(scope, "Role", { assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com") });
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: "Log",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [logGroup.logGroupArn],
    }),
  );
  if (!config.observability.traces) return role;
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: "Trace",
      actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      resources: ["*"],
    }),
  );
  accept(
    role,
    "IAM5[Resource::*]",
    "X-Ray's PutTraceSegments and PutTelemetryRecords don't support resources (service authorization reference).",
  );
  return role;
}
