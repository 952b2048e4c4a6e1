// Metrics: those of AWS for functions, queues and the CDN, and counts of the resize service's log lines.
import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as logs from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

import type { Delivery } from "../delivery";
import type { Service } from "../service";
import type { Video } from "../video";

export const NAMESPACE = "Tintype";

/** Lambda's list price in us-east-1, in US dollars: per GB-second by processor architecture, and per request. */
const DOLLARS_PER_GB_SECOND = { x86_64: 0.0000166667, arm64: 0.0000133334 };
const DOLLARS_PER_REQUEST = 0.0000002;

/** The formats of variants, by their names in the log. */
export const FORMATS = ["jpg", "png", "webp", "avif", "gif", "json"] as const;

/**
 * Counts the log lines with the message "made": one for each variant, with its format and bytes. A call to CloudWatch
 * for each variant would cost more than the variant.
 */
export function countVariants(scope: Construct, delivery: Delivery): void {
  const made = logs.FilterPattern.stringValue("$.message", "=", "made");
  const dimensions = { Format: "$.format" };
  const filter = (id: string, metricName: string, metricValue: string): void => {
    new logs.MetricFilter(scope, id, {
      logGroup: delivery.resize.logGroup,
      filterPattern: made,
      metricNamespace: NAMESPACE,
      metricName,
      metricValue,
      dimensions,
    });
  };
  filter("CountVariants", "Variants", "1");
  filter("CountVariantBytes", "VariantBytes", "$.bytes");
}

export function variants(format: string, metricName: "Variants" | "VariantBytes"): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { Format: format },
    statistic: "Sum",
    period: Duration.minutes(5),
    label: format,
  });
}

/** The cost of a function in a period, at list price. */
export function dollars(
  service: Service,
  architecture: "x86_64" | "arm64",
  period: Duration,
): cloudwatch.MathExpression {
  const gigabytes = service.memoryMegabytes / 1024;
  const perMillisecond = (gigabytes * DOLLARS_PER_GB_SECOND[architecture]) / 1000;
  return new cloudwatch.MathExpression({
    // The factors are in billionths of a dollar, because CloudWatch's expressions have no exponents.
    expression: `duration * ${(perMillisecond * 1e9).toFixed(6)} / 1000000000 + requests * ${(DOLLARS_PER_REQUEST * 1e9).toFixed(0)} / 1000000000`,
    usingMetrics: {
      duration: service.function.metricDuration({ statistic: "Sum", period }),
      requests: service.function.metricInvocations({ statistic: "Sum", period }),
    },
    period,
    label: "US dollars",
  });
}

/** A metric of the transcoding queue, summed. */
export function transcoding(video: Video, metricName: string, period: Duration, label?: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: "AWS/MediaConvert",
    metricName,
    dimensionsMap: { Queue: video.queue.attrArn },
    statistic: "Sum",
    period,
    ...(label === undefined ? {} : { label }),
  });
}

/** A metric of the distribution. CloudFront stores its metrics in us-east-1. */
export function cdn(delivery: Delivery, metricName: string, statistic: string, label: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: "AWS/CloudFront",
    metricName,
    dimensionsMap: { DistributionId: delivery.distribution.resource.ref, Region: "Global" },
    statistic,
    period: Duration.minutes(5),
    region: "us-east-1",
    label,
  });
}
