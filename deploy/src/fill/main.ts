// The function that fills the key-value store. CloudFormation calls it as a custom resource.
import { SecretsManager } from "@aws-sdk/client-secrets-manager";

import cdn from "../../cdn.json";

import { CloudFrontStore } from "./cloudfront";
import { fill, type Pair, persistently } from "./fill";
import { LinkSecretError, signingKeys } from "./link-secret";

interface Event {
  readonly RequestType: "Create" | "Update" | "Delete";
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly Store: string; readonly LinkSecret: string };
}

/** The clock, which tests replace. */
export const clock = {
  pause: (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

export async function handler(event: Event): Promise<void> {
  const store = event.ResourceProperties.Store;
  try {
    // CloudFormation deletes the store, and its data with it.
    const changes =
      event.RequestType === "Delete"
        ? 0
        : await persistently(async () => fill(new CloudFrontStore(store), await pairs(event)), clock.pause);
    console.log(JSON.stringify({ message: "filled", store, changes }));
    await respond(event, "SUCCESS", "");
  } catch (error) {
    // An error of CloudFront may quote its input, which contains the secret. So only its name is logged. Our own error
    // contains no part of the secret.
    const name = error instanceof Error ? error.name : "unknown";
    const reason = error instanceof LinkSecretError ? error.message : name;
    console.error(JSON.stringify({ message: "not filled", store, reason }));
    await respond(event, "FAILED", `the key-value store isn't filled: ${reason}; see the function's log`);
  }
}

/** The pairs of the policy, and the secret of signed links, which is in no file. */
async function pairs({ ResourceProperties }: Event): Promise<Pair[]> {
  const { SecretString } = await new SecretsManager({}).getSecretValue({ SecretId: ResourceProperties.LinkSecret });
  return [...cdn.keyValues, { key: "signing", value: signingKeys(SecretString ?? "") }];
}

/** Reports the result. Without a response CloudFormation waits for an hour. */
async function respond(event: Event, Status: "SUCCESS" | "FAILED", Reason: string): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const PhysicalResourceId = event.PhysicalResourceId ?? event.ResourceProperties.Store;
  const body = JSON.stringify({ Status, Reason, StackId, RequestId, LogicalResourceId, PhysicalResourceId });
  const response = await fetch(event.ResponseURL, { method: "PUT", body, headers: { "content-type": "" } });
  if (!response.ok) throw new Error(`CloudFormation doesn't accept the answer: ${response.status}`);
}
