// A dashboard for latency, volume, cost and errors, and alarms for problems that need a person.
import { CfnOutput, Stack } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as actions from "aws-cdk-lib/aws-cloudwatch-actions";
import * as iam from "aws-cdk-lib/aws-iam";
import * as sns from "aws-cdk-lib/aws-sns";
import * as subscriptions from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";

import type { Config } from "./config";
import { type AlarmProps, alarms, cdnAlarms } from "./observability/alarms";
import { widgets } from "./observability/dashboard";
import type { DeployedParts } from "./observability/deployed-parts";
import { countVariants } from "./observability/metrics";

export class Observability extends Construct {
  /** The topic that alarms are published to. */
  readonly topicArn: string;

  /** `cdnRegion` returns a scope in us-east-1. */
  constructor(scope: Construct, id: string, parts: DeployedParts, cdnRegion: () => Construct) {
    super(scope, id);
    const { config, delivery } = parts;
    if (delivery) countVariants(this, delivery);
    if (delivery && config.observability.cacheMetrics) {
      // By default CloudFront counts only requests, bytes and errors (developer guide, "additional distribution
      // metrics").
      new cloudfront.CfnMonitoringSubscription(this, "CacheMetrics", {
        distributionId: delivery.distribution.resource.ref,
        monitoringSubscription: { realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: "Enabled" } },
      });
    }
    this.topicArn = addAlarms(this, config, alarms(parts));
    if (delivery) this.addCdnAlarms(config, cdnAlarms(delivery), cdnRegion());
    const rows = widgets(parts);
    if (rows.length > 0)
      new cloudwatch.Dashboard(this, "Dashboard", { dashboardName: config.stackName, widgets: rows });
  }

  /** Alarms watch metrics of their own region, and the CDN's are in us-east-1 (CloudWatch's user guide). */
  private addCdnAlarms(config: Config, props: readonly AlarmProps[], region: Construct): void {
    const scope = new Construct(region, "CdnAlarms");
    const topicArn = addAlarms(scope, config, props);
    new CfnOutput(scope, "TopicArn", { value: topicArn }).overrideLogicalId("CdnAlarmTopicArn");
  }
}

/** Creates alarms, and a topic that they are published to. Returns the topic's ARN. */
function addAlarms(scope: Construct, config: Config, all: readonly AlarmProps[]): string {
  const topic = alarmTopic(scope, config);
  for (const { id, ...props } of all) {
    const alarm = new cloudwatch.Alarm(scope, id, {
      alarmName: `${config.stackName}-${id}`,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
    });
    alarm.addAlarmAction(new actions.SnsAction(topic));
    alarm.addOkAction(new actions.SnsAction(topic));
  }
  return topic.topicArn;
}

function alarmTopic(scope: Construct, config: Config): sns.Topic {
  // The topic is not encrypted: alarms contain no secrets, and a key that CloudWatch may use has a monthly price.
  const topic = new sns.Topic(scope, "Alarms", { displayName: `${config.stackName} alarms`, enforceSSL: true });
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: "Alarms",
      principals: [new iam.ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  );
  if (config.observability.email) topic.addSubscription(new subscriptions.EmailSubscription(config.observability.email));
  return topic;
}
