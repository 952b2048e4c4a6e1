// The upload signer behind an HTTP API, and the finaliser that checks what has arrived.
import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import * as apigateway from "aws-cdk-lib/aws-apigatewayv2";
import * as integrations from "aws-cdk-lib/aws-apigatewayv2-integrations";
import * as iam from "aws-cdk-lib/aws-iam";
import * as logs from "aws-cdk-lib/aws-logs";
import * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

import { behaviors } from "./cdn";
import type { Config } from "./config";
import { accept } from "./nag";
import { EventQueue } from "./queue";
import { Service } from "./service";
import { type Storage, UPLOAD_PREFIXES } from "./storage";
import { authorizer, issuer } from "./upload/authorizer";

/** A scan may take a minute, and a film is read whole for it. */
const FINALIZER_SECONDS = 120;

/** The API and the host that the CDN reaches it by. Made before the CDN, which the signer must know the URL of. */
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
  /** The URL that viewers reach the CDN by. */
  readonly publicUrl: string;
  /** What signed links are made with; none where there is no CDN to check them. */
  readonly linkSecret: secretsmanager.ISecret | undefined;
}

export class Upload extends Construct {
  readonly signer: Service;
  readonly finalizer: Service;
  readonly events: EventQueue;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: UploadProps,
  ) {
    super(scope, id);
    this.signer = this.signerService();
    this.routes();
    this.stage();
    this.finalizer = this.finalizerService();
    this.events = new EventQueue(this, "Arrivals", this.finalizer, props.config.upload.checkConcurrency);
    this.events.listen("Arrived", "Every upload that has arrived, however it was sent", {
      source: ["aws.s3"],
      detailType: ["Object Created"],
      detail: {
        bucket: { name: [props.storage.originals.bucketName] },
        object: { key: UPLOAD_PREFIXES.map((prefix) => ({ prefix })) },
      },
    });
  }

  private signerService(): Service {
    const { config, storage, publicUrl, linkSecret } = this.props;
    const { authentication, origins } = config.upload;
    const { name, audience } = issuer(config) ?? {};
    const seal = this.secret("SignerSecret", "Seals the ids of uploads in parts");
    const sessions =
      authentication.kind === "session"
        ? this.secret("SessionSecret", "The application's backend signs upload sessions with it")
        : undefined;
    const signer = new Service(this, "Signer", config, {
      program: "upload-signer",
      // The number is here so that the function starts anew, and reads its secrets again, when they were changed.
      description: `Signs uploads to S3, and tells how far they have come (secrets ${config.secretsVersion})`,
      memoryMegabytes: 256,
      timeoutSeconds: 29,
      concurrency: config.upload.concurrency,
      environment: {
        ...this.common(),
        TINTYPE_PUBLIC_URL: publicUrl,
        TINTYPE_SIGNER_SECRET: seal.secretArn,
        ...(sessions ? { TINTYPE_SESSION_SECRET: sessions.secretArn } : {}),
        ...(linkSecret ? { TINTYPE_LINK_SECRET: linkSecret.secretArn } : {}),
        ...(authentication.kind === "open" ? { TINTYPE_UPLOAD_OPEN: "yes" } : {}),
        ...(name && audience ? { TINTYPE_JWT_ISSUER: name, TINTYPE_JWT_AUDIENCE: audience } : {}),
        ...(origins.length > 0 ? { TINTYPE_UPLOAD_ORIGINS: origins.join(",") } : {}),
      },
    });
    signer.role.addToPolicy(
      new iam.PolicyStatement({
        sid: "ReadSecrets",
        actions: ["secretsmanager:GetSecretValue"],
        resources: [seal, sessions, linkSecret].filter((one) => one !== undefined).map(({ secretArn }) => secretArn),
      }),
    );
    // What a signed URL may do is what its signer may do. It can't read what was uploaded beyond its size and type:
    // HeadObject is allowed by s3:GetObject (service authorization reference), so the statement can't say it closer.
    this.allow(signer, "SignUploads", [
      "s3:PutObject",
      "s3:PutObjectTagging",
      "s3:AbortMultipartUpload",
      "s3:ListMultipartUploadParts",
    ]);
    this.allow(signer, "TellState", [
      "s3:GetObject",
      "s3:GetObjectVersion",
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
    return signer;
  }

  private finalizerService(): Service {
    const finalizer = new Service(this, "Finalizer", this.props.config, {
      program: "upload-finalizer",
      description: "Checks what was uploaded, and says in its tags whether it may be served",
      memoryMegabytes: 256,
      timeoutSeconds: FINALIZER_SECONDS,
      concurrency: undefined,
      environment: this.common(),
    });
    this.allow(finalizer, "Check", [
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:GetObjectTagging",
      "s3:GetObjectVersionTagging",
    ]);
    this.allow(finalizer, "SetState", ["s3:PutObjectTagging", "s3:PutObjectVersionTagging"]);
    // Without it S3 answers 403 for what is gone, and the event would be tried again and again.
    finalizer.role.addToPolicy(
      new iam.PolicyStatement({
        sid: "TellGone",
        actions: ["s3:ListBucket"],
        resources: [this.props.storage.originals.bucketArn],
      }),
    );
    return finalizer;
  }

  private common(): Record<string, string> {
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

  /** A secret that nobody has to think of. The signer is told its name, and asks for it when it starts. */
  private secret(id: string, description: string): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, id, {
      description,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    accept(secret, "SMG4", "Rotated by hand: `new,old` while one takes the other's place; see docs/operations.md.");
    return secret;
  }

  /** The routes are the paths that the CDN sends here, and no others. */
  private routes(): void {
    const { config, uploadApi } = this.props;
    const integration = new integrations.HttpLambdaIntegration("Signer", this.signer.function);
    const checked = authorizer(this, config);
    for (const { pattern } of behaviors("api")) {
      const path = pattern.replace(/\/?\*$/, "");
      const below = pattern.endsWith("*") ? [`${path}/{proxy+}`] : [];
      const paths = pattern.endsWith("/*") ? below : [path, ...below];
      // Sessions are in the path, and the signer checks them.
      const guard = checked && path !== "/u" ? checked : undefined;
      for (const one of paths) {
        if (!guard) {
          uploadApi.api.addRoutes({ path: one, methods: [apigateway.HttpMethod.ANY], integration });
          continue;
        }
        const { GET, HEAD, POST, DELETE, OPTIONS } = apigateway.HttpMethod;
        uploadApi.api.addRoutes({ path: one, methods: [GET, HEAD, POST, DELETE], integration, authorizer: guard });
        // Preflights carry no token.
        uploadApi.api.addRoutes({ path: one, methods: [OPTIONS], integration });
      }
    }
    accept(
      uploadApi,
      "APIG4",
      "The signer itself checks sessions and tokens, and starts only where it is told how; preflights carry none.",
    );
  }

  private stage(): void {
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
        // No path: a session is part of it.
        format: AccessLogFormat.custom(
          JSON.stringify(Object.fromEntries(fields.map((field) => [field, `$context.${field}`]))),
        ),
      },
    });
  }
}
