// The package @tintype/cdk: constructs for other people's apps, with typed properties instead of a configuration file.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Stack, type StackProps, Token } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { z } from "zod";

import { DEPLOY } from "./cdn";
import { type Config, type configSchema, parseConfig } from "./config";
import { Delivery } from "./delivery";
import { crossesRegions, regions } from "./regions";
import { ConfigError } from "./schema";
import { ConfiguredStack } from "./stack";
import { Storage } from "./storage";
import { Upload, UploadApi } from "./upload";

type Members = z.input<typeof configSchema>;

/** Members of `deploy/config.json`, which docs/deploy.md explains. Each has a default. */
export interface TintypeOptions extends Partial<Pick<Members, "delivery" | "upload" | "video" | "webhook" | "storage" | "observability">> {
  /** The processor architecture of the functions. The default is that of the functions in the package. */
  readonly architecture?: Members["architecture"];
  /** Increment it after changing a secret in Secrets Manager. */
  readonly secretsVersion?: number;
}

export interface TintypeStackProps extends StackProps, TintypeOptions {
  /** The parts to deploy. All by default. */
  readonly parts?: Partial<Members["parts"]>;
  /** The CDN's URL for viewers, without the part `delivery`. */
  readonly publicUrl?: string;
}

/** A whole deployment, as `deploy/up` makes it. Outside us-east-1 it has up to two more stacks there. */
export class TintypeStack extends ConfiguredStack {
  constructor(scope: Construct, id: string, props: TintypeStackProps) {
    const region = props.env?.region;
    if (!region) throw new ConfigError("env.region: must be set: CloudFront's resources depend on it");
    const { delivery, upload, video, webhook, storage, observability, architecture, secretsVersion, parts, publicUrl, ...rest } = props;
    const options = { delivery, upload, video, webhook, storage, observability, architecture, secretsVersion };
    const config = configOf({ ...options, publicUrl }, props.stackName ?? id, region, parts);
    super(scope, id, {
      crossRegionReferences: crossesRegions(region),
      ...rest,
      config,
      ...regions(scope, config, props.env?.account),
    });
  }
}

export interface TintypeDeliveryProps extends Pick<TintypeOptions, "architecture" | "storage" | "observability" | "secretsVersion"> {
  /** Members of `delivery` in docs/deploy.md: domain, firewall, memory, concurrency. */
  readonly delivery?: Members["delivery"];
  /** Origins of pages that upload, if there is a `TintypeUploads`; for the bucket's CORS rules. */
  readonly uploadOrigins?: string[];
  /** `true` if a {@link TintypeUploads} belongs to it: the CDN then sends `/uploads` to the signer. */
  readonly uploads?: boolean;
}

/** CloudFront, the buckets and the resize service, in a stack of yours. */
export class TintypeDelivery extends Construct {
  /** The URL of files for viewers, without a slash at the end. */
  readonly url: string;
  readonly originals: IBucket;
  /** The bucket of variants; `undefined` if the policy says that none is stored. */
  readonly variants: IBucket | undefined;
  /** The secret of signed links. */
  readonly linkSecret: ISecret;
  /** @internal */
  readonly _storage: Storage;
  /** @internal */
  readonly _uploadApi: UploadApi | undefined;

  constructor(scope: Construct, id: string, props: TintypeDeliveryProps = {}) {
    super(scope, id);
    const { delivery, uploadOrigins, uploads, ...options } = props;
    const config = configIn(this, { ...options, delivery, upload: { origins: uploadOrigins } }, { upload: uploads ?? false });
    const stack = Stack.of(this);
    if (crossesRegions(config.region) && !stack._crossRegionReferences) {
      throw new ConfigError(`${stack.stackName}: outside us-east-1 the stack needs crossRegionReferences: true`);
    }
    const { edgeRegion, cdnRegion } = regions(stack.node.scope ?? stack, config, stack.account);
    this._storage = new Storage(this, "Storage", config);
    this._uploadApi = uploads ? new UploadApi(this, "UploadApi") : undefined;
    const part = new Delivery(this, "Delivery", {
      config,
      storage: this._storage,
      edgeRegion: edgeRegion(this),
      cdnRegion: () => cdnRegion(this),
      signerHost: this._uploadApi?.host,
    });
    this.url = `https://${part.distribution.host}`;
    this.originals = this._storage.originals;
    this.variants = this._storage.variants;
    this.linkSecret = part.functions.linkSecret;
  }
}

export interface TintypeUploadsProps extends Pick<TintypeOptions, "architecture" | "storage" | "observability" | "secretsVersion"> {
  /** Members of `upload` in docs/deploy.md: authentication, origins, types, limits. */
  readonly upload?: Members["upload"];
  /** The CDN of the uploaded files, made with `uploads: true`. */
  readonly delivery?: TintypeDelivery;
  /** The URL of files for viewers, without `delivery`. */
  readonly publicUrl?: string;
}

/** The upload signer and the finaliser, in a stack of yours. Without `delivery` it has a bucket of its own. */
export class TintypeUploads extends Construct {
  /** The URL of the signer's API. With `delivery`, the API is at the CDN's URL as well. */
  readonly apiUrl: string;
  readonly originals: IBucket;
  /** Your backend signs sessions with it, if clients authenticate by sessions. */
  readonly sessionSecret: ISecret | undefined;

  constructor(scope: Construct, id: string, props: TintypeUploadsProps = {}) {
    super(scope, id);
    const { delivery, publicUrl, ...options } = props;
    if (delivery && !delivery._uploadApi) throw new ConfigError("delivery: must have been made with uploads: true");
    const config = configIn(this, { ...options, publicUrl: delivery ? undefined : publicUrl }, { delivery: delivery !== undefined, upload: true });
    const storage = delivery?._storage ?? new Storage(this, "Storage", config);
    const uploadApi = delivery?._uploadApi ?? new UploadApi(this, "UploadApi");
    const part = new Upload(this, "Upload", {
      config,
      storage,
      uploadApi,
      // The configuration has refused a missing one.
      publicUrl: delivery?.url ?? publicUrl ?? "",
      linkSecret: delivery?.linkSecret,
      libraryTable: undefined,
    });
    this.apiUrl = `https://${uploadApi.host}`;
    this.originals = storage.originals;
    this.sessionSecret = part.sessionSecret;
  }
}

const NO_PARTS = { delivery: false, upload: false, video: false, observability: false };

/** The configuration of a construct in somebody's stack. */
function configIn(construct: Construct, options: Partial<Members>, parts: Partial<Members["parts"]>): Config {
  const { region, stackName } = Stack.of(construct);
  if (Token.isUnresolved(region)) throw new ConfigError(`${stackName}: env.region must be set: CloudFront's resources depend on it`);
  const isDelivery = parts.delivery ?? true;
  return configOf(options, stackName, region, { ...NO_PARTS, ...parts, delivery: isDelivery });
}

/** The configuration of options. Throws a {@link ConfigError} that lists every mistake. */
function configOf(options: Partial<Members>, stackName: string, region: string, parts: Partial<Members["parts"]> = {}): Config {
  return parseConfig({
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    architecture: options.architecture ?? packagedArchitecture(),
    parts: { delivery: true, upload: true, video: true, observability: true, ...parts },
    stackName,
    region,
  });
}

/** The architecture of the functions in the package. */
function packagedArchitecture(): string {
  const file = join(DEPLOY, "lambda/architecture");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "x86_64";
}
