// The region of the origin shield.
import { CDN } from "../cdn";
import type { Config } from "../config";

/**
 * The nearest region with a shield, for the regions that CloudFront's developer guide names ("Choosing the AWS Region for
 * Origin Shield"). A deployment in another region has no shield, unless the configuration names one.
 */
const NEAREST: Record<string, string> = {
  "us-east-1": "us-east-1",
  "us-east-2": "us-east-2",
  "us-west-1": "us-west-2",
  "us-west-2": "us-west-2",
  "af-south-1": "eu-west-1",
  "ap-east-1": "ap-southeast-1",
  "ap-northeast-1": "ap-northeast-1",
  "ap-northeast-2": "ap-northeast-2",
  "ap-south-1": "ap-south-1",
  "ap-southeast-1": "ap-southeast-1",
  "ap-southeast-2": "ap-southeast-2",
  "ca-central-1": "us-east-1",
  "eu-central-1": "eu-central-1",
  "eu-north-1": "eu-west-2",
  "eu-south-1": "eu-central-1",
  "eu-west-1": "eu-west-1",
  "eu-west-2": "eu-west-2",
  "eu-west-3": "eu-west-2",
  "me-south-1": "ap-south-1",
  "sa-east-1": "sa-east-1",
};

/**
 * The region of the shield in front of the resize function; `undefined` without one. If every variant is stored, a later miss
 * reads it from S3, which costs less than the shield.
 */
export function shieldRegion({ region, delivery }: Config): string | undefined {
  if (delivery.originShield === false) return undefined;
  return delivery.originShield ?? (CDN.keep === "always" ? undefined : NEAREST[region]);
}
