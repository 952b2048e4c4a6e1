// One dashboard that answers how fast, how many, how dear and how broken, and an alarm for what a person must see to.
import { Stack } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as actions from "aws-cdk-lib/aws-cloudwatch-actions";
import * as iam from "aws-cdk-lib/aws-iam";
import * as sns from "aws-cdk-lib/aws-sns";
import * as subscriptions from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";

import type { Config } from "./config";
import type { Delivery } from "./delivery";
import { alarms } from "./observability/alarms";
import { widgets } from "./observability/dashboard";
import { countVariants } from "./observability/metrics";
import type { Upload } from "./upload";
import type { Video } from "./video";

/** The parts that are there to be watched. */
export interface Watched {
  readonly config: Config;
  readonly delivery: Delivery | undefined;
  readonly upload: Upload | undefined;
  readonly video: Video | undefined;
}

export class Observability extends Construct {
  /** Where alarms are told of. */
  readonly topicArn: string;

  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    const { config, delivery } = watched;
    if (delivery) countVariants(this, delivery);
    if (delivery && config.observability.cacheMetrics) {
      // Without it CloudFront counts requests, bytes and errors only (developer guide, "additional distribution metrics").
      new cloudfront.CfnMonitoringSubscription(this, "CacheMetrics", {
        distributionId: delivery.distribution.resource.ref,
        monitoringSubscription: { realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: "Enabled" } },
      });
    }
    const topic = this.topicOf(config);
    this.topicArn = topic.topicArn;
    for (const { id, ...props } of alarms(this, watched)) {
      const alarm = new cloudwatch.Alarm(this, id, {
        alarmName: `${config.stackName}-${id}`,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        ...props,
      });
      alarm.addAlarmAction(new actions.SnsAction(topic));
      alarm.addOkAction(new actions.SnsAction(topic));
    }
    const rows = widgets(this, watched);
    if (rows.length > 0)
      new cloudwatch.Dashboard(this, "Dashboard", { dashboardName: config.stackName, widgets: rows });
  }

  private topicOf(config: Config): sns.Topic {
    // Not encrypted by a key: what alarms say is no secret, and a key that CloudWatch may use costs by the month.
    const topic = new sns.Topic(this, "Alarms", { displayName: `${config.stackName} alarms`, enforceSSL: true });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: "Alarms",
        principals: [new iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    if (config.observability.email)
      topic.addSubscription(new subscriptions.EmailSubscription(config.observability.email));
    return topic;
  }
}
