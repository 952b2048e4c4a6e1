// The access log of the distribution. Logs of version 2 have only the fields that are chosen here. Legacy logs have every
// field, and among them paths with sessions and queries with signatures.
import { Stack } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as logs from "aws-cdk-lib/aws-logs";
import * as s3 from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

import { globalName } from "./headers";

/** The prefix of the log's objects in the bucket of access logs. */
const PREFIX = "cdn";

/**
 * The fields of a line, without those that may contain a secret: `cs-uri-stem` (sessions), `cs-uri-query` (signatures of
 * links), `cs(Referer)` (either of another page) and `cs(Cookie)`.
 */
const FIELDS = [
  "date",
  "time",
  "x-edge-location",
  "sc-bytes",
  "c-ip",
  "cs-method",
  "cs(Host)",
  "sc-status",
  "cs(User-Agent)",
  "x-edge-result-type",
  "x-edge-request-id",
  "x-host-header",
  "cs-protocol",
  "cs-bytes",
  "time-taken",
  "ssl-protocol",
  "x-edge-response-result-type",
  "cs-protocol-version",
  "time-to-first-byte",
  "x-edge-detailed-result-type",
  "sc-content-type",
  "sc-content-len",
];

export interface AccessLogProps {
  readonly distributionArn: string;
  readonly bucketArn: string;
}

/** Must be in a stack in us-east-1, where CloudFront's logs are configured for every region. */
export class AccessLog extends Construct {
  constructor(scope: Construct, id: string, { distributionArn, bucketArn }: AccessLogProps) {
    super(scope, id);
    const source = new logs.CfnDeliverySource(this, "Source", {
      name: globalName(this, "Source"),
      logType: "ACCESS_LOGS",
      resourceArn: distributionArn,
    });
    const destination = new logs.CfnDeliveryDestination(this, "Destination", {
      name: globalName(this, "Destination"),
      destinationResourceArn: `${bucketArn}/${PREFIX}`,
      outputFormat: "w3c",
    });
    const delivery = new logs.CfnDelivery(this, "Delivery", {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: FIELDS,
    });
    delivery.addResourceDependency(source);
  }
}

/** Permits CloudWatch Logs to deliver the log (its user guide, "Logs sent to Amazon S3"). */
export function allowAccessLog(bucket: s3.Bucket): void {
  const { account } = Stack.of(bucket);
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: "DeliverCdnLog",
      principals: [new iam.ServicePrincipal("delivery.logs.amazonaws.com")],
      actions: ["s3:PutObject"],
      resources: [bucket.arnForObjects(`${PREFIX}/*`)],
      conditions: {
        StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${account}:delivery-source:*` },
      },
    }),
  );
}
