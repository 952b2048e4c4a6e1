// Findings of cdk-nag that are meant: each with its reason, in the code beside what it is about.
import { type CfnElement, Stack, Validations } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";

/** Accepts a finding of a rule, such as `IAM5[Resource::*]`, on a construct and what lies below it. */
export function accept(construct: IConstruct, finding: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}

/** Accepts that a role's permissions on a bucket are for all objects below prefixes. */
export function acceptPrefixes(role: IConstruct, bucket: IBucket, prefixes: readonly string[]): void {
  const name = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement);
  for (const prefix of prefixes) {
    accept(
      role,
      `IAM5[Resource::<${name}.Arn>/${prefix}*]`,
      "Keys are made as files come: the permission is for what lies below a prefix.",
    );
  }
}
