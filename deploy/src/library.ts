// The library of files: a table of records, which the signer lists and changes, and a function that keeps the records equal to
// the originals.
import { RemovalPolicy } from "aws-cdk-lib";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as iam from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

import type { Config } from "./config";
import { eventRules } from "./events";
import { EventQueue } from "./queue";
import { Service } from "./service";
import { type Storage, UPLOAD_PREFIXES } from "./storage";

/** The timeout in seconds. The service describes one picture at a time, and stops after 20 seconds. */
const KEEPER_SECONDS = 120;

/** Maximum number of batches handled concurrently. Uploads are served without waiting for them. */
const CONCURRENCY = 5;

/** The indexes: the newest files of all owners, and those of each owner. */
const INDEXES = { newest: "all", newestOfOwner: "owner" } as const;

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });

/** The table of records. It is created before the signer, which reads it. */
export class LibraryTable extends dynamodb.Table {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: text("pk"),
      sortKey: text("sk"),
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      // What people have written about files is in the table only.
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    for (const [indexName, partition] of Object.entries(INDEXES)) {
      this.addGlobalSecondaryIndex({ indexName, partitionKey: text(partition), sortKey: text("at") });
    }
  }

  /** Permits the signer's role what its API does: it lists, finds, changes and deletes records and their originals. */
  grantUse(role: iam.Role, storage: Storage): void {
    const indexes = Object.keys(INDEXES).map((name) => `${this.tableArn}/index/${name}`);
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "ListFiles",
        actions: ["dynamodb:Query"],
        resources: [this.tableArn, ...indexes],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "ChangeFiles",
        actions: ["dynamodb:PutItem", "dynamodb:DeleteItem"],
        resources: [this.tableArn],
      }),
    );
    storage.allow(role, "DeleteFiles", ["s3:DeleteObject"], UPLOAD_PREFIXES);
  }
}

/** The function that keeps the records equal to the originals. */
export class Library extends Construct {
  readonly keeper: Service;
  readonly events: EventQueue;

  constructor(scope: Construct, id: string, config: Config, storage: Storage, table: LibraryTable) {
    super(scope, id);
    this.keeper = new Service(this, "Keeper", config, {
      program: "library-keeper",
      description: "Keeps the records of the library equal to the originals",
      // It describes pictures of every admitted size.
      memoryMegabytes: config.delivery.memoryMegabytes,
      timeoutSeconds: KEEPER_SECONDS,
      concurrency: undefined,
      environment: {
        TINTYPE_ORIGINALS_BUCKET: storage.originals.bucketName,
        TINTYPE_LIBRARY_TABLE: table.tableName,
      },
    });
    const { role } = this.keeper;
    storage.allow(
      role,
      "Describe",
      ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
      UPLOAD_PREFIXES,
    );
    // Without this permission S3 answers 403 for a deleted object, and the event would be retried.
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "TellGone",
        actions: ["s3:ListBucket"],
        resources: [storage.originals.bucketArn],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: "KeepRecords",
        actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"],
        resources: [table.tableArn],
      }),
    );
    this.events = new EventQueue(this, "Changes", this.keeper, CONCURRENCY);
    for (const rule of eventRules("library")) this.events.addRule(rule, { originals: storage.originals });
  }
}
