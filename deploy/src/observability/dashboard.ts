// The dashboard, with a row for each topic.
import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";

import type { DeployedParts } from "./deployed-parts";
import { cdn, dollars, FORMATS, transcoding, variants } from "./metrics";

const FIVE_MINUTES = Duration.minutes(5);

/** The rows of widgets. A row without graphs is left out. */
export function widgets(parts: DeployedParts): cloudwatch.IWidget[][] {
  const rows = [latency(parts), volume(parts), cost(parts), errors(parts)];
  return rows.filter((row) => row.length > 1);
}

function latency({ config, delivery, upload }: DeployedParts): cloudwatch.IWidget[] {
  const row: cloudwatch.IWidget[] = [title("How fast")];
  if (delivery) {
    const { resize } = delivery;
    const duration = (statistic: string): cloudwatch.Metric =>
      resize.function.metricDuration({ statistic, period: FIVE_MINUTES, label: statistic });
    row.push(graph("A new variant, ms", [duration("p50"), duration("p95"), duration("p99")]));
    if (config.observability.cacheMetrics) {
      row.push(graph("Hits of the cache, %", [cdn(delivery, "CacheHitRate", "Average", "hits")]));
      row.push(graph("A miss of the cache, ms", [cdn(delivery, "OriginLatency", "p95", "p95")]));
    }
  }
  if (upload) {
    const duration = upload.signer.function.metricDuration({ statistic: "p95", period: FIVE_MINUTES, label: "p95" });
    row.push(graph("Signing, ms", [duration]));
  }
  return row;
}

function volume({ delivery, upload, video }: DeployedParts): cloudwatch.IWidget[] {
  const row: cloudwatch.IWidget[] = [title("How many")];
  if (delivery) {
    row.push(graph("Requests of viewers", [cdn(delivery, "Requests", "Sum", "requests")]));
    row.push(
      graph(
        "New variants by format",
        FORMATS.map((format) => variants(format, "Variants")),
      ),
    );
  }
  if (upload)
    row.push(graph("Uploads", [calls(upload.signer.function, "signed"), calls(upload.finalizer.function, "checked")]));
  if (video) {
    row.push(
      graph("Transcoding jobs", [
        transcoding(video, "JobsCompletedCount", FIVE_MINUTES, "completed"),
        transcoding(video, "JobsErroredCount", FIVE_MINUTES, "failed"),
      ]),
    );
  }
  return row;
}

function cost({ config, delivery, video }: DeployedParts): cloudwatch.IWidget[] {
  const row: cloudwatch.IWidget[] = [title("How dear")];
  const day = Duration.days(1);
  if (delivery) {
    row.push(graph("Rendering variants, US dollars a day", [dollars(delivery.resize, config.architecture, day)]));
    row.push(graph("Sent to viewers, bytes", [cdn(delivery, "BytesDownloaded", "Sum", "bytes")]));
    row.push(
      graph(
        "Bytes of new variants",
        FORMATS.map((format) => variants(format, "VariantBytes")),
      ),
    );
  }
  if (video) {
    row.push(
      graph("Transcoded, seconds a day", [
        transcoding(video, "SDOutputDuration", day, "SD"),
        transcoding(video, "HDOutputDuration", day, "HD"),
        transcoding(video, "UHDOutputDuration", day, "UHD"),
      ]),
    );
  }
  return row;
}

function errors({ delivery, upload, library, video, webhook }: DeployedParts): cloudwatch.IWidget[] {
  const row: cloudwatch.IWidget[] = [title("How broken")];
  const services = [
    delivery?.resize,
    delivery?.upkeep.service,
    upload?.signer,
    upload?.finalizer,
    library?.keeper,
    video?.trigger,
    webhook?.notifier,
  ].filter((service) => service !== undefined);
  if (delivery) {
    row.push(
      graph("Refused and failed requests, %", [
        cdn(delivery, "4xxErrorRate", "Average", "4xx"),
        cdn(delivery, "5xxErrorRate", "Average", "5xx"),
      ]),
    );
  }
  if (services.length > 0) {
    const metric = (service: (typeof services)[number], name: "metricErrors" | "metricThrottles"): cloudwatch.Metric =>
      service.function[name]({ period: FIVE_MINUTES, label: service.node.id });
    row.push(
      graph(
        "Errors of functions",
        services.map((service) => metric(service, "metricErrors")),
      ),
    );
    row.push(
      graph(
        "Throttled calls",
        services.map((service) => metric(service, "metricThrottles")),
      ),
    );
  }
  const queues = [
    delivery?.upkeep.events,
    upload?.events,
    library?.events,
    video?.events,
    webhook?.events,
  ].filter((queue) => queue !== undefined);
  if (queues.length > 0) {
    const depth = queues.map(({ deadLetters, node }) =>
      deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, label: node.id }),
    );
    row.push(graph("Events in dead letter queues", depth));
  }
  return row;
}

function title(markdown: string): cloudwatch.IWidget {
  return new cloudwatch.TextWidget({ markdown: `## ${markdown}`, width: 24, height: 1 });
}

function graph(name: string, left: cloudwatch.IMetric[]): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({ title: name, left, width: 8, height: 6, leftYAxis: { min: 0 } });
}

function calls(
  target: { metricInvocations(props: cloudwatch.MetricOptions): cloudwatch.Metric },
  label: string,
): cloudwatch.Metric {
  return target.metricInvocations({ period: FIVE_MINUTES, label });
}
