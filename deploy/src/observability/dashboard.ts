// The dashboard: a row for each question.
import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";

import type { Watched } from "../observability";
import { cdn, dollars, FORMATS, transcoding, variants } from "./metrics";

const FIVE_MINUTES = Duration.minutes(5);

export function widgets(_scope: Construct, watched: Watched): cloudwatch.IWidget[][] {
  const rows = [fast(watched), many(watched), dear(watched), broken(watched)];
  return rows.filter((row) => row.length > 1);
}

function fast({ config, delivery, upload }: Watched): cloudwatch.IWidget[] {
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

function many({ delivery, upload, video }: Watched): cloudwatch.IWidget[] {
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

function dear({ config, delivery, video }: Watched): cloudwatch.IWidget[] {
  const row: cloudwatch.IWidget[] = [title("How dear")];
  const day = Duration.days(1);
  if (delivery) {
    row.push(graph("Making variants, US dollars a day", [dollars(delivery.resize, config.architecture, day)]));
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

function broken({ delivery, upload, video }: Watched): cloudwatch.IWidget[] {
  const row: cloudwatch.IWidget[] = [title("How broken")];
  const services = [
    delivery?.resize,
    delivery?.upkeep.service,
    upload?.signer,
    upload?.finalizer,
    video?.trigger,
  ].filter((one) => one !== undefined);
  if (delivery) {
    row.push(
      graph("Refused and failed requests, %", [
        cdn(delivery, "4xxErrorRate", "Average", "4xx"),
        cdn(delivery, "5xxErrorRate", "Average", "5xx"),
      ]),
    );
  }
  if (services.length > 0) {
    const metric = (of: (typeof services)[number], name: "metricErrors" | "metricThrottles"): cloudwatch.Metric =>
      of.function[name]({ period: FIVE_MINUTES, label: of.node.id });
    row.push(
      graph(
        "Errors of functions",
        services.map((one) => metric(one, "metricErrors")),
      ),
    );
    row.push(
      graph(
        "Throttled calls",
        services.map((one) => metric(one, "metricThrottles")),
      ),
    );
  }
  const queues = [delivery?.upkeep.events, upload?.events, video?.events].filter((one) => one !== undefined);
  if (queues.length > 0) {
    const depth = queues.map(({ deadLetters, node }) =>
      deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, label: node.id }),
    );
    row.push(graph("Events that nobody could handle", depth));
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
  of: { metricInvocations(props: cloudwatch.MetricOptions): cloudwatch.Metric },
  label: string,
): cloudwatch.Metric {
  return of.metricInvocations({ period: FIVE_MINUTES, label });
}
