// The function that fills the key-value store, called by CloudFormation as a custom resource.
import { SecretsManager } from "@aws-sdk/client-secrets-manager";

import cdn from "../../cdn.json";

import { CloudFrontStore } from "./cloudfront";
import { fill, type Pair } from "./fill";

interface Event {
  readonly RequestType: "Create" | "Update" | "Delete";
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly Store: string; readonly LinkSecret: string };
}

export async function handler(event: Event): Promise<void> {
  const store = event.ResourceProperties.Store;
  try {
    // The data of a store that goes away goes with it.
    const changes = event.RequestType === "Delete" ? 0 : await fill(new CloudFrontStore(store), await pairs(event));
    console.log(JSON.stringify({ message: "filled", store, changes }));
    await respond(event, "SUCCESS", "");
  } catch (error) {
    // A refusal of CloudFront may quote what it refuses, and that may be the secret.
    const reason = error instanceof Error ? error.name : "unknown";
    console.error(JSON.stringify({ message: "not filled", store, reason }));
    await respond(event, "FAILED", `the key-value store isn't filled: ${reason}; see the function's log`);
  }
}

/** The policy, and the secret that signed links are checked with, which is in no file. */
async function pairs({ ResourceProperties }: Event): Promise<Pair[]> {
  const { SecretString } = await new SecretsManager({}).getSecretValue({ SecretId: ResourceProperties.LinkSecret });
  if (!SecretString) throw new Error("the secret of signed links is empty");
  return [...cdn.keyValues, { key: "signing", value: SecretString }];
}

/** CloudFormation waits for an hour where it isn't told. */
async function respond(event: Event, Status: "SUCCESS" | "FAILED", Reason: string): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const PhysicalResourceId = event.PhysicalResourceId ?? event.ResourceProperties.Store;
  const body = JSON.stringify({ Status, Reason, StackId, RequestId, LogicalResourceId, PhysicalResourceId });
  const response = await fetch(event.ResponseURL, { method: "PUT", body, headers: { "content-type": "" } });
  if (!response.ok) throw new Error(`CloudFormation takes no answer: ${response.status}`);
}
