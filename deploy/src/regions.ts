// The scopes in us-east-1 that a deployment in another region needs: up to two stacks beside the main one.
import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

import type { Config } from "./config";
import { EdgeRegion, needsEdgeRegion } from "./delivery/edge-region";

const CLOUDFRONT_REGION = "us-east-1";

export interface Regions {
  /** Creates the resources that CloudFront requires in us-east-1: in the given scope, or in a stack before it. */
  readonly edgeRegion: (scope: Construct) => EdgeRegion;
  /** A scope in us-east-1 for resources that refer to the distribution: the given one, or a stack after it. */
  readonly cdnRegion: (scope: Construct) => Construct;
}

/** `true` if a deployment in this region has stacks in us-east-1, to which its own stack refers. */
export function crossesRegions(region: string): boolean {
  return region !== CLOUDFRONT_REGION;
}

/** The scopes of a deployment. `parent` is the app or the stage of its main stack. */
export function regions(parent: Construct, config: Config, account: string | undefined): Regions {
  const stack = (suffix: string): Stack => {
    const id = `${config.stackName}-${suffix}`;
    const existing = parent.node.tryFindChild(id) as Stack | undefined;
    const env = account ? { account, region: CLOUDFRONT_REGION } : { region: CLOUDFRONT_REGION };
    return existing ?? new Stack(parent, id, { env, crossRegionReferences: true });
  };
  return {
    edgeRegion: (scope) => {
      const isInScope = !crossesRegions(config.region) || !needsEdgeRegion(config.delivery);
      return new EdgeRegion(isInScope ? scope : stack("edge"), "EdgeRegion", config);
    },
    cdnRegion: (scope) => (crossesRegions(config.region) ? stack("cdn") : scope),
  };
}
