// Findings of cdk-nag that are accepted, each with a reason. Each call is next to the construct that it concerns.
import { type CfnElement, Stack, Validations } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";

/** Accepts a finding, such as `IAM5[Resource::*]`, for a construct and its descendants. */
export function accept(construct: IConstruct, finding: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}

/** Accepts that a role has permissions for all objects below prefixes of a bucket. */
export function acceptPrefixes(role: IConstruct, bucket: IBucket, prefixes: readonly string[]): void {
  const name = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement);
  for (const prefix of prefixes) {
    accept(
      role,
      `IAM5[Resource::<${name}.Arn>/${prefix}*]`,
      "Keys are generated for each upload: the permission covers all objects below a prefix.",
    );
  }
}
