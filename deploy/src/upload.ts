// The upload signer behind an HTTP API, and the finaliser that checks uploads.
import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import * as apigateway from "aws-cdk-lib/aws-apigatewayv2";
import * as integrations from "aws-cdk-lib/aws-apigatewayv2-integrations";
import * as iam from "aws-cdk-lib/aws-iam";
import * as logs from "aws-cdk-lib/aws-logs";
import type * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

import { behaviors } from "./cdn";
import type { Config } from "./config";
import { eventRules } from "./events";
import type { LibraryTable } from "./library";
import { accept } from "./nag";
import { EventQueue } from "./queue";
import { generatedSecret } from "./secret";
import { Service } from "./service";
import { type Storage, UPLOAD_PREFIXES } from "./storage";
import { authorizer, issuer } from "./upload/authorizer";

/** The time limit of a scan without a configured one, in seconds. */
const SCAN_SECONDS = 60;

/** The time that the finaliser has besides the scan, in seconds, for S3 and for its own checks. */
const CHECK_SECONDS = 60;

/** The API and its host for the CDN. It is created before the CDN, because the signer needs the CDN's URL. */
export class UploadApi extends Construct {
  readonly api: apigateway.HttpApi;
  readonly host: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.api = new apigateway.HttpApi(this, "Api", {
      apiName: `${Stack.of(this).stackName}-uploads`,
      description: "Signs uploads",
      createDefaultStage: false,
    });
    const stack = Stack.of(this);
    this.host = `${this.api.apiId}.execute-api.${stack.region}.${stack.urlSuffix}`;
  }
}

export interface UploadProps {
  readonly config: Config;
  readonly storage: Storage;
  readonly uploadApi: UploadApi;
  /** The CDN's URL for viewers. */
  readonly publicUrl: string;
  /** The secret of signed links, if the deployment has a CDN, which checks them. */
  readonly linkSecret: secretsmanager.ISecret | undefined;
  /** The table of the library, if there is one. */
  readonly libraryTable: LibraryTable | undefined;
}

export class Upload extends Construct {
  /** The secret of sessions, if clients authenticate by sessions. */
  readonly sessionSecret: secretsmanager.ISecret | undefined;
  readonly signer: Service;
  readonly finalizer: Service;
  readonly events: EventQueue;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: UploadProps,
  ) {
    super(scope, id);
    this.sessionSecret =
      props.config.upload.authentication.kind === "session"
        ? generatedSecret(this, "SessionSecret", "The application's backend signs upload sessions with it")
        : undefined;
    this.signer = this.signerService();
    this.addRoutes();
    this.addStage();
    this.finalizer = this.finalizerService();
    this.events = new EventQueue(this, "Arrivals", this.finalizer, props.config.upload.checkConcurrency);
    for (const rule of eventRules("finalizer")) {
      this.events.addRule(rule, { originals: props.storage.originals });
    }
  }

  private signerService(): Service {
    const { config, storage, publicUrl, linkSecret, libraryTable } = this.props;
    const { authentication, lifetimeSeconds, origins } = config.upload;
    const { name, audience } = issuer(config) ?? {};
    const sealSecret = generatedSecret(this, "SignerSecret", "Seals the ids of uploads in parts");
    const signer = new Service(this, "Signer", config, {
      program: "upload-signer",
      // A new number restarts the function, which then reads its secrets again.
      description: `Signs uploads to S3, and reports their states (secrets ${config.secretsVersion})`,
      memoryMegabytes: 256,
      timeoutSeconds: 29,
      concurrency: config.upload.concurrency,
      environment: {
        ...this.commonEnvironment(),
        TINTYPE_PUBLIC_URL: publicUrl,
        TINTYPE_SIGNER_SECRET: sealSecret.secretArn,
        ...(this.sessionSecret ? { TINTYPE_SESSION_SECRET: this.sessionSecret.secretArn } : {}),
        ...(linkSecret ? { TINTYPE_LINK_SECRET: linkSecret.secretArn } : {}),
        ...(libraryTable ? { TINTYPE_LIBRARY_TABLE: libraryTable.tableName } : {}),
        ...(authentication.kind === "open" ? { TINTYPE_UPLOAD_OPEN: "yes" } : {}),
        ...(name && audience ? { TINTYPE_JWT_ISSUER: name, TINTYPE_JWT_AUDIENCE: audience } : {}),
        ...(origins.length > 0 ? { TINTYPE_UPLOAD_ORIGINS: origins.join(",") } : {}),
        ...(lifetimeSeconds === undefined ? {} : { TINTYPE_UPLOAD_LIFETIME_SECONDS: String(lifetimeSeconds) }),
      },
    });
    signer.role.addToPolicy(
      new iam.PolicyStatement({
        sid: "ReadSecrets",
        actions: ["secretsmanager:GetSecretValue"],
        resources: [sealSecret, this.sessionSecret, linkSecret]
          .filter((secret) => secret !== undefined)
          .map(({ secretArn }) => secretArn),
      }),
    );
    // A signed URL has the permissions of its signer. The signer reads only the size and type of an upload, by HeadObject.
    // No narrower action than s3:GetObject permits that (service authorization reference).
    this.allow(signer, "SignUploads", [
      "s3:PutObject",
      "s3:AbortMultipartUpload",
      "s3:ListMultipartUploadParts",
    ]);
    // Without the condition, a defect of the signer could sign an upload that is clean from the start.
    storage.allow(signer.role, "TagPending", ["s3:PutObjectTagging"], UPLOAD_PREFIXES, {
      StringEquals: { "s3:RequestObjectTag/state": "pending" },
    });
    this.allow(signer, "TellState", [
      "s3:GetObject",
      "s3:GetObjectTagging",
      "s3:GetObjectVersionTagging",
    ]);
    signer.role.addToPolicy(
      new iam.PolicyStatement({
        sid: "FindById",
        actions: ["s3:ListBucket"],
        resources: [storage.originals.bucketArn],
        conditions: { StringLike: { "s3:prefix": UPLOAD_PREFIXES.map((prefix) => `${prefix}*`) } },
      }),
    );
    libraryTable?.grantUse(signer.role, storage);
    return signer;
  }

  private finalizerService(): Service {
    const { scanner } = this.props.config.upload;
    const finalizer = new Service(this, "Finalizer", this.props.config, {
      program: "upload-finalizer",
      description: "Checks uploads, and tags them as clean or refused",
      memoryMegabytes: 256,
      // The uploads of a batch are scanned concurrently.
      timeoutSeconds: (scanner?.timeoutSeconds ?? SCAN_SECONDS) + CHECK_SECONDS,
      concurrency: undefined,
      environment: {
        ...this.commonEnvironment(),
        ...(scanner
          ? { TINTYPE_SCAN_URL: scanner.url, TINTYPE_SCAN_TIMEOUT_SECONDS: String(scanner.timeoutSeconds) }
          : {}),
      },
    });
    this.allow(finalizer, "Check", [
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:GetObjectTagging",
      "s3:GetObjectVersionTagging",
    ]);
    this.allow(finalizer, "SetState", ["s3:PutObjectTagging", "s3:PutObjectVersionTagging"]);
    // A picture whose type is wrong is copied onto itself: S3 changes the type of an object in no other way.
    this.allow(finalizer, "CorrectType", ["s3:PutObject"]);
    // Without this permission S3 answers 403 for a deleted object, and the event would be retried.
    finalizer.role.addToPolicy(
      new iam.PolicyStatement({
        sid: "TellGone",
        actions: ["s3:ListBucket"],
        resources: [this.props.storage.originals.bucketArn],
      }),
    );
    return finalizer;
  }

  private commonEnvironment(): Record<string, string> {
    const { maxBytes, maxPixels, types } = this.props.config.upload;
    return {
      TINTYPE_ORIGINALS_BUCKET: this.props.storage.originals.bucketName,
      ...(types.length > 0 ? { TINTYPE_UPLOAD_TYPES: types.join(",") } : {}),
      ...(maxBytes === undefined ? {} : { TINTYPE_UPLOAD_MAX_BYTES: String(maxBytes) }),
      ...(maxPixels === undefined ? {} : { TINTYPE_UPLOAD_MAX_PIXELS: String(maxPixels) }),
    };
  }

  private allow(service: Service, sid: string, actions: string[]): void {
    this.props.storage.allow(service.role, sid, actions, UPLOAD_PREFIXES);
  }

  /** Adds a route for each path that the CDN sends to the signer. */
  private addRoutes(): void {
    const { config, uploadApi } = this.props;
    const integration = new integrations.HttpLambdaIntegration("Signer", this.signer.function);
    const tokenAuthorizer = authorizer(this, config);
    for (const { pattern } of behaviors("api")) {
      const prefix = pattern.replace(/\/?\*$/, "");
      const below = pattern.endsWith("*") ? [`${prefix}/{proxy+}`] : [];
      const paths = pattern.endsWith("/*") ? below : [prefix, ...below];
      // These paths contain a session, which the signer checks.
      const guard = prefix === "/u" ? undefined : tokenAuthorizer;
      for (const path of paths) {
        if (!guard) {
          uploadApi.api.addRoutes({ path, methods: [apigateway.HttpMethod.ANY], integration });
          continue;
        }
        const { GET, HEAD, POST, PATCH, DELETE, OPTIONS } = apigateway.HttpMethod;
        uploadApi.api.addRoutes({ path, methods: [GET, HEAD, POST, PATCH, DELETE], integration, authorizer: guard });
        // Preflights carry no token.
        uploadApi.api.addRoutes({ path, methods: [OPTIONS], integration });
      }
    }
    accept(
      uploadApi,
      "APIG4",
      "The signer itself checks sessions and tokens, and doesn't start without a method to do so; preflights carry none.",
    );
  }

  private addStage(): void {
    const { config, uploadApi } = this.props;
    const { requestsPerSecond, burst } = config.upload;
    const accessLog = new logs.LogGroup(this, "AccessLog", {
      retention: config.observability.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const fields = [
      "requestId",
      "requestTime",
      "httpMethod",
      "routeKey",
      "status",
      "responseLength",
      "integrationErrorMessage",
    ];
    new apigateway.HttpStage(this, "Stage", {
      httpApi: uploadApi.api,
      autoDeploy: true,
      throttle: { rateLimit: requestsPerSecond, burstLimit: burst },
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(accessLog),
        // The format leaves out the path, which may contain a session.
        format: AccessLogFormat.custom(
          JSON.stringify(Object.fromEntries(fields.map((field) => [field, `$context.${field}`]))),
        ),
      },
    });
  }
}
