// A key-value store of CloudFront. Its endpoint requires signatures of version 4A, which the first import adds.
import "@aws-sdk/signature-v4a";
import {
  CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  paginateListKeys,
  UpdateKeysCommand,
} from "@aws-sdk/client-cloudfront-keyvaluestore";

import type { Pair, Store } from "./fill";

/** The maximum number of requests until a new store must be ready, and the pause between them in milliseconds. */
const TRIES = 40;
const PAUSE = 3000;

export class CloudFrontStore implements Store {
  private readonly client = new CloudFrontKeyValueStoreClient({});

  constructor(private readonly arn: string) {}

  async version(): Promise<string> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { ETag, Status, FailureReason } = await this.client.send(
        new DescribeKeyValueStoreCommand({ KvsARN: this.arn }),
      );
      if (FailureReason) throw new Error(`the key-value store has failed: ${FailureReason}`);
      if (Status === "READY" && ETag) return ETag;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    throw new Error("the key-value store isn't ready after two minutes");
  }

  async pairs(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const page of paginateListKeys({ client: this.client }, { KvsARN: this.arn })) {
      for (const { Key, Value } of page.Items ?? []) {
        if (Key !== undefined) found.set(Key, Value ?? "");
      }
    }
    return found;
  }

  async update(version: string, puts: readonly Pair[], deletes: readonly string[]): Promise<string> {
    const { ETag } = await this.client.send(
      new UpdateKeysCommand({
        KvsARN: this.arn,
        IfMatch: version,
        Puts: puts.map(({ key, value }) => ({ Key: key, Value: value })),
        Deletes: deletes.map((key) => ({ Key: key })),
      }),
    );
    if (!ETag) throw new Error("CloudFront returned no version of the store after an update");
    return ETag;
  }
}
