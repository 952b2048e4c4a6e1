// The resources that CloudFront requires in us-east-1, in every deployment: the certificate and the firewall (developer
// guides of CloudFront, "Requirements for using SSL/TLS certificates", and of WAF, "scope").
import * as acm from "aws-cdk-lib/aws-certificatemanager";
import * as route53 from "aws-cdk-lib/aws-route53";
import * as wafv2 from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

import type { Config, Delivery, Domain } from "../config";

export class EdgeRegion extends Construct {
  readonly certificateArn: string | undefined;
  readonly webAclArn: string | undefined;

  /** `scope` must be in a stack in us-east-1. */
  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    const { domain, requestsPerFiveMinutes } = config.delivery;
    if (domain) this.certificateArn = domain.certificateArn ?? this.certificate(domain);
    if (requestsPerFiveMinutes !== undefined) this.webAclArn = this.firewall(requestsPerFiveMinutes);
  }

  private certificate(domain: Domain): string {
    const zone = hostedZone(this, domain);
    const certificate = new acm.Certificate(this, "Certificate", {
      domainName: domain.name,
      validation: acm.CertificateValidation.fromDns(zone),
    });
    return certificate.certificateArn;
  }

  private firewall(limit: number): string {
    const visible = (metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty => ({
      cloudWatchMetricsEnabled: true,
      // Samples are disabled: they may contain signed URLs, which a reader of the samples could use.
      sampledRequestsEnabled: false,
      metricName,
    });
    const acl = new wafv2.CfnWebACL(this, "Firewall", {
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      visibilityConfig: visible("Tintype"),
      rules: [
        {
          name: "rate",
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit, aggregateKeyType: "IP" } },
          visibilityConfig: visible("TintypeRate"),
        },
        {
          name: "reputation",
          priority: 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesAmazonIpReputationList" },
          },
          visibilityConfig: visible("TintypeReputation"),
        },
      ],
    });
    return acl.attrArn;
  }
}

/** `true` if the deployment creates resources in us-east-1 for CloudFront. */
export function needsEdgeRegion({ domain, requestsPerFiveMinutes }: Delivery): boolean {
  return requestsPerFiveMinutes !== undefined || (domain !== undefined && domain.certificateArn === undefined);
}

/** The zone of a domain, referenced by its id, so that synthesis makes no request to AWS. */
export function hostedZone(scope: Construct, domain: Domain): route53.IHostedZone | undefined {
  if (!domain.hostedZone) return undefined;
  return route53.HostedZone.fromHostedZoneAttributes(scope, "Zone", {
    hostedZoneId: domain.hostedZone.id,
    zoneName: domain.hostedZone.name,
  });
}
