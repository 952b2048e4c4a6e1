// The main stack, with the parts that the configuration selects.
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";

import type { Config } from "./config";
import { Delivery } from "./delivery";
import { Library, LibraryTable } from "./library";
import { Observability } from "./observability";
import type { Regions } from "./regions";
import { Storage } from "./storage";
import { Upload, UploadApi } from "./upload";
import { Video } from "./video";
import { Webhook } from "./webhook";

export interface ConfiguredStackProps extends StackProps, Regions {
  readonly config: Config;
}

export class ConfiguredStack extends Stack {
  constructor(scope: Construct, id: string, props: ConfiguredStackProps) {
    super(scope, id, props);
    const { config } = props;
    const { parts } = config;
    const storage = new Storage(this, "Storage", config);
    const uploadApi = parts.upload ? new UploadApi(this, "UploadApi") : undefined;
    const cdnRegion = (): Construct => props.cdnRegion(this);
    const delivery = parts.delivery
      ? new Delivery(this, "Delivery", {
          config,
          storage,
          edgeRegion: props.edgeRegion(this),
          cdnRegion,
          signerHost: uploadApi?.host,
        })
      : undefined;
    const publicUrl = delivery ? `https://${delivery.distribution.host}` : config.publicUrl;
    const libraryTable = parts.library ? new LibraryTable(this, "LibraryTable") : undefined;
    const upload =
      uploadApi && publicUrl
        ? new Upload(this, "Upload", {
            config,
            storage,
            uploadApi,
            publicUrl,
            linkSecret: delivery?.functions.linkSecret,
            libraryTable,
          })
        : undefined;
    const library = libraryTable ? new Library(this, "Library", config, storage, libraryTable) : undefined;
    const video = parts.video ? new Video(this, "Video", config, storage) : undefined;
    const webhook = config.webhook && publicUrl ? new Webhook(this, "Webhook", config, storage, publicUrl) : undefined;
    const observability = parts.observability
      ? new Observability(this, "Observability", { config, delivery, upload, library, video, webhook }, cdnRegion)
      : undefined;
    this.addOutputs({
      Url: publicUrl,
      ApiUrl: uploadApi && `https://${uploadApi.host}`,
      DistributionId: delivery?.distribution.resource.ref,
      KeyValueStoreArn: delivery?.functions.store.keyValueStoreArn,
      OriginalsBucket: storage.originals.bucketName,
      VariantsBucket: storage.variants?.bucketName,
      LibraryTableName: libraryTable?.tableName,
      AlarmTopicArn: observability?.topicArn,
    });
  }

  /** The stack's outputs, for the operator and for `deploy/up`. */
  private addOutputs(outputs: Record<string, string | undefined>): void {
    for (const [name, value] of Object.entries(outputs)) {
      if (value !== undefined) new CfnOutput(this, name, { value });
    }
  }
}
