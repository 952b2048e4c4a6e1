// CloudFront in front of the buckets and the resize service.
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as route53 from "aws-cdk-lib/aws-route53";
import { Construct } from "constructs";

import { CDN } from "./cdn";
import type { Config } from "./config";
import { AccessLog, allowAccessLog } from "./delivery/access-log";
import { Distribution } from "./delivery/distribution";
import { EdgeFunctions } from "./delivery/edge-functions";
import { type EdgeRegion, hostedZone } from "./delivery/edge-region";
import { Upkeep } from "./delivery/upkeep";
import { ConfigError } from "./schema";
import { Service } from "./service";
import { MARK_PREFIX, type Storage } from "./storage";

export interface DeliveryProps {
  readonly config: Config;
  readonly storage: Storage;
  readonly edgeRegion: EdgeRegion;
  /** A scope in us-east-1 for resources that refer to the distribution. */
  readonly cdnRegion: () => Construct;
  /** The host of the signer's API, if uploads are deployed. */
  readonly signerHost: string | undefined;
}

/** Memory in MiB that the resize service needs besides the source and the pixels: for the program and the variant. */
const RESIZE_OVERHEAD_MEGABYTES = 128;

/** The hosted zone of every CloudFront distribution (Route 53's API reference, "AliasTarget"). */
const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";

export class Delivery extends Construct {
  readonly resize: Service;
  readonly distribution: Distribution;
  readonly functions: EdgeFunctions;
  readonly upkeep: Upkeep;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { config, storage, edgeRegion, signerHost } = props;
    this.resize = this.resizeService(config, storage);
    const url = new lambda.FunctionUrl(this, "ResizeUrl", {
      function: this.resize.function,
      authType: lambda.FunctionUrlAuthType.AWS_IAM,
      // A variant may be larger than the 6 MB of a buffered response, and its first bytes don't wait for its last.
      invokeMode: lambda.InvokeMode.RESPONSE_STREAM,
    });
    this.functions = new EdgeFunctions(this, "Edge", config, this.resize.function);
    this.distribution = new Distribution(this, "Distribution", {
      config,
      edgeRegion,
      signerHost,
      functions: this.functions,
      originals: storage.originals,
      variants: storage.variants,
      resizeUrl: url.url,
    });
    this.allowDistribution(storage);
    const { arn, resource } = this.distribution;
    if (storage.accessLogs) {
      allowAccessLog(storage.accessLogs);
      new AccessLog(props.cdnRegion(), "CdnLog", {
        distributionArn: arn,
        bucketArn: storage.accessLogs.bucketArn,
      });
    }
    this.upkeep = new Upkeep(this, "Upkeep", config, storage, { id: resource.ref, arn });
    this.addDnsRecords(config);
  }

  private resizeService(config: Config, storage: Storage): Service {
    const megabytes = (bytes: number): number => Math.ceil(bytes / (1024 * 1024));
    const { memoryBytes, sourceBytes } = CDN.limits;
    const needed = megabytes(memoryBytes) + megabytes(sourceBytes) + RESIZE_OVERHEAD_MEGABYTES;
    if (config.delivery.memoryMegabytes < needed) {
      throw new ConfigError(
        `delivery.memoryMegabytes: must be at least ${needed}: the policy admits pictures that need ` +
          `${megabytes(memoryBytes)} MiB, from sources of ${megabytes(sourceBytes)} MiB (limits in cdn-config/policy.json)`,
      );
    }
    const resize = new Service(this, "Resize", config, {
      program: "resize",
      description: CDN.keep === "never" ? "Renders a variant of an original" : "Renders and stores a variant of an original",
      memoryMegabytes: config.delivery.memoryMegabytes,
      // The service itself stops after 20 seconds.
      timeoutSeconds: 30,
      concurrency: config.delivery.concurrency,
      environment: storage.environment(),
    });
    storage.grantReadClean(resize.role);
    // The service deletes a variant if the original was replaced during rendering.
    storage.grantKeepVariants(resize.role);
    storage.grantRecords(resize.role, "MarkOutdated", ["s3:PutObject"], [MARK_PREFIX]);
    storage.denyUnclean("DenyUncleanToResize", resize.role);
    return resize;
  }

  private allowDistribution(storage: Storage): void {
    const { arn } = this.distribution;
    const cloudfront = new iam.ServicePrincipal("cloudfront.amazonaws.com");
    storage.grantReadCleanToDistribution(arn);
    if (storage.variants && CDN.keep === "always") {
      const { variants } = storage;
      variants.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: "ReadVariants",
          principals: [cloudfront],
          actions: ["s3:GetObject"],
          resources: CDN.areas.map((area) => variants.arnForObjects(`${area}*`)),
          conditions: { ArnEquals: { "aws:SourceArn": arn } },
        }),
      );
    }
    // Both permissions are required since October 2025 (Lambda's developer guide, "Control access to Lambda function
    // URLs").
    const permission = {
      principal: "cloudfront.amazonaws.com",
      functionName: this.resize.function.functionArn,
      sourceArn: arn,
    };
    new lambda.CfnPermission(this, "CallResizeUrl", {
      ...permission,
      action: "lambda:InvokeFunctionUrl",
      functionUrlAuthType: "AWS_IAM",
    });
    new lambda.CfnPermission(this, "CallResize", {
      ...permission,
      action: "lambda:InvokeFunction",
      invokedViaFunctionUrl: true,
    });
  }

  private addDnsRecords(config: Config): void {
    const { domain } = config.delivery;
    const zone = domain && hostedZone(this, domain);
    if (!zone || !domain) return;
    const alias = {
      bind: () => ({ dnsName: this.distribution.resource.attrDomainName, hostedZoneId: CLOUDFRONT_ZONE }),
    };
    const record = { zone, recordName: `${domain.name}.`, target: route53.RecordTarget.fromAlias(alias) };
    new route53.ARecord(this, "Name", record);
    new route53.AaaaRecord(this, "NameOverIpv6", record);
  }
}
