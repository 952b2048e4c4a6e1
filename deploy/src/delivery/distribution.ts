// The distribution. Its values come from cdn-config, and a test compares the template with them. It uses the
// CloudFormation resource instead of the CDK's Distribution construct, which generates the ids of origins: the edge
// function selects origins by their ids.
import { Fn, Stack } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import * as s3 from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

import { type Behavior, behaviors, CDN, type OriginId } from "../cdn";
import type { Config } from "../config";
import { accept } from "../nag";
import type { EdgeFunctions } from "./edge-functions";
import type { EdgeRegion } from "./edge-region";
import { globalName, headersPolicy } from "./headers";
import { shieldRegion } from "./origin-shield";

export interface DistributionProps {
  readonly config: Config;
  readonly functions: EdgeFunctions;
  readonly edgeRegion: EdgeRegion;
  readonly originals: s3.IBucket;
  /** The bucket of variants, if there is one. */
  readonly variants: s3.IBucket | undefined;
  /** The URL of the resize function. */
  readonly resizeUrl: string;
  /** The host of the signer's API, if uploads are deployed. */
  readonly signerHost: string | undefined;
}

type CacheBehavior = Omit<cloudfront.CfnDistribution.CacheBehaviorProperty, "pathPattern">;

/** The time for which the CDN waits for a variant's first byte, in seconds: the timeout of the resize function. */
const RESIZE_SECONDS = 30;

export class Distribution extends Construct {
  readonly resource: cloudfront.CfnDistribution;
  readonly arn: string;
  /** The host for viewers. */
  readonly host: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DistributionProps,
  ) {
    super(scope, id);
    const { config, edgeRegion } = props;
    const { domain } = config.delivery;
    const media = this.media("Media", "The headers of every response with a file", []);
    // The encoding is part of the cache key, so only playlists, which are text, are compressed.
    const compressed = {
      compress: true,
      cachePolicyId: this.cachePolicy("CacheByEncoding", "The cache key is the canonical path and the accepted encoding", true),
    };
    const privateMedia = this.media("Private", "The headers of private files, which browsers must not cache", CDN.headers.private);
    const ofTreatment = {
      media,
      privateMedia,
      playlist: { ...media, ...compressed },
      privatePlaylist: { ...privateMedia, ...compressed },
    };
    this.resource = new cloudfront.CfnDistribution(this, "Resource", {
      distributionConfig: {
        enabled: true,
        comment: `${config.stackName}: files and their variants`,
        httpVersion: "http2and3",
        ipv6Enabled: true,
        priceClass: config.delivery.priceClass,
        origins: this.origins(),
        ...originGroups(),
        cacheBehaviors: [
          ...behaviors("media", "privateMedia", "playlist", "privatePlaylist").map((behavior) => ({
            pathPattern: behavior.pattern,
            ...ofTreatment[behavior.treatment],
          })),
          ...(props.signerHost
            ? behaviors("api").map((behavior) => ({ pathPattern: behavior.pattern, ...api(behavior) }))
            : []),
        ],
        // The default behaviour, for all other paths. The edge function answers them with 404, without a request to an
        // origin.
        defaultCacheBehavior: media,
        customErrorResponses: CDN.cache.failures.map(({ status, seconds }) => ({
          errorCode: status,
          errorCachingMinTtl: seconds,
        })),
        cacheTagConfig: { headerName: CDN.cache.tagHeader },
        viewerCertificate: edgeRegion.certificateArn
          ? {
              acmCertificateArn: edgeRegion.certificateArn,
              sslSupportMethod: "sni-only",
              minimumProtocolVersion: "TLSv1.2_2021",
            }
          : { cloudFrontDefaultCertificate: true },
        ...(domain ? { aliases: [domain.name] } : {}),
        ...(edgeRegion.webAclArn ? { webAclId: edgeRegion.webAclArn } : {}),
      },
    });
    // Without its data the edge function would answer 503.
    this.resource.node.addDependency(props.functions.filled);
    this.arn = Stack.of(this).formatArn({
      service: "cloudfront",
      region: "",
      resource: "distribution",
      resourceName: this.resource.ref,
    });
    this.host = domain?.name ?? this.resource.attrDomainName;
    this.acceptFindings();
  }

  private origins(): cloudfront.CfnDistribution.OriginProperty[] {
    const { config, originals, variants, resizeUrl, signerHost } = this.props;
    const shield = shieldRegion(config);
    // Only for variants: reading an original from S3 again costs less than the shield.
    const originShield = shield ? { originShield: { enabled: true, originShieldRegion: shield } } : {};
    const buckets = this.accessControl("Buckets", "s3");
    const bucket = (id: OriginId, origin: s3.IBucket): cloudfront.CfnDistribution.OriginProperty => ({
      id,
      domainName: origin.bucketRegionalDomainName,
      originAccessControlId: buckets,
      // Empty: origin access control replaces the identity, but CloudFormation still requires the member.
      s3OriginConfig: { originAccessIdentity: "" },
    });
    const https = { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] };
    return [
      bucket("originals", originals),
      // If only dear variants are stored, the resize function reads them, and the CDN doesn't use this origin. It exists for
      // a change of the policy to `always`: the edge function selects it some minutes before the distribution has changed.
      ...(variants ? [bucket("variants", variants)] : []),
      {
        id: "resize",
        domainName: Fn.select(2, Fn.split("/", resizeUrl)),
        originAccessControlId: this.accessControl("Resize", "lambda"),
        customOriginConfig: { ...https, originReadTimeout: RESIZE_SECONDS },
        // One attempt. The setting also applies if no response arrives: a second attempt would render the variant
        // again.
        connectionAttempts: 1,
        ...originShield,
      },
      ...(signerHost ? [{ id: "signer", domainName: signerHost, customOriginConfig: https }] : []),
    ];
  }

  private accessControl(id: string, originType: "s3" | "lambda"): string {
    const control = new cloudfront.CfnOriginAccessControl(this, `${id}Access`, {
      originAccessControlConfig: {
        name: globalName(this, id),
        originAccessControlOriginType: originType,
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
    });
    return control.attrId;
  }

  /** The behaviour for files and variants: both edge functions, and a cache whose key is only the path. */
  private media(id: string, comment: string, headers: typeof CDN.headers.private): CacheBehavior {
    const { viewerRequest, viewerResponse } = this.props.functions;
    return {
      targetOriginId: "originals",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS"],
      cachedMethods: ["GET", "HEAD"],
      // Pictures and videos are compressed already, and the encoding would be part of the cache key.
      compress: false,
      cachePolicyId: this.cachePolicy("Cache", "The cache key is only the canonical path", false),
      // S3 needs these headers to answer a preflight.
      originRequestPolicyId: cloudfront.OriginRequestPolicy.CORS_S3_ORIGIN.originRequestPolicyId,
      responseHeadersPolicyId: headersPolicy(this, `${id}Headers`, comment, headers).ref,
      functionAssociations: [
        { eventType: "viewer-request", functionArn: viewerRequest.functionArn },
        { eventType: "viewer-response", functionArn: viewerResponse.functionArn },
      ],
    };
  }

  /** The id of a cache policy: one of this stack, or the one of AWS that differs only in the shortest lifetime, a second. */
  private cachePolicy(id: string, comment: string, byEncoding: boolean): string {
    const { keyHeaders, minSeconds, defaultSeconds, maxSeconds } = CDN.cache;
    if (this.props.config.delivery.flatRatePlan) {
      const { CACHING_OPTIMIZED, CACHING_OPTIMIZED_FOR_UNCOMPRESSED_OBJECTS } = cloudfront.CachePolicy;
      return (byEncoding ? CACHING_OPTIMIZED : CACHING_OPTIMIZED_FOR_UNCOMPRESSED_OBJECTS).cachePolicyId;
    }
    const existing = this.node.tryFindChild(id);
    if (existing) return (existing as cloudfront.CfnCachePolicy).ref;
    const policy = new cloudfront.CfnCachePolicy(this, id, {
      cachePolicyConfig: {
        name: globalName(this, byEncoding ? "PathAndEncoding" : "Path"),
        comment,
        minTtl: minSeconds,
        defaultTtl: defaultSeconds,
        maxTtl: maxSeconds,
        parametersInCacheKeyAndForwardedToOrigin: {
          cookiesConfig: { cookieBehavior: "none" },
          queryStringsConfig: { queryStringBehavior: "none" },
          headersConfig:
            keyHeaders.length > 0
              ? { headerBehavior: "whitelist", headers: [...keyHeaders] }
              : { headerBehavior: "none" },
          enableAcceptEncodingGzip: byEncoding,
          enableAcceptEncodingBrotli: byEncoding,
        },
      },
    });
    return policy.ref;
  }

  private acceptFindings(): void {
    const { config, edgeRegion } = this.props;
    accept(this.resource, "CFR1", "The operator decides on countries; none is blocked by default.");
    if (!edgeRegion.webAclArn) {
      accept(
        this.resource,
        "CFR2",
        "A firewall is billed by the month: the operator enables it (delivery.requestsPerFiveMinutes).",
      );
    }
    if (!config.delivery.domain) {
      accept(
        this.resource,
        "CFR4",
        "CloudFront's own name has CloudFront's certificate and TLS policy; a custom domain gets TLSv1.2_2021.",
      );
    }
    accept(
      this.resource,
      "CFR3",
      "Logs of version 2 belong to no property of the distribution: see access-log.ts, and storage.accessLogs.",
    );
  }
}

/** The behaviour for the signer: every method, no caching, all headers of the viewer except the host. */
function api(behavior: Behavior): CacheBehavior {
  return {
    targetOriginId: behavior.origin,
    viewerProtocolPolicy: "https-only",
    allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
    cachedMethods: ["GET", "HEAD"],
    compress: false,
    cachePolicyId: cloudfront.CachePolicy.CACHING_DISABLED.cachePolicyId,
    originRequestPolicyId: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.originRequestPolicyId,
  };
}

/**
 * The group of variants' origins, if there is one. It only documents the failover: the edge function creates the same group
 * for every request of a variant (`createRequestOriginGroup`).
 */
function originGroups(): Pick<cloudfront.CfnDistribution.DistributionConfigProperty, "originGroups"> {
  if ("origin" in CDN.variants) return {};
  const { primary, secondary, failoverStatuses } = CDN.variants;
  const group = {
    id: "variants-or-resize",
    failoverCriteria: { statusCodes: { quantity: failoverStatuses.length, items: [...failoverStatuses] } },
    members: { quantity: 2, items: [{ originId: primary }, { originId: secondary }] },
  };
  return { originGroups: { quantity: 1, items: [group] } };
}
