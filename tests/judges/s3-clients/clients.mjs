// The S3 clients in JavaScript: each check runs in order, on a bucket of its client's own.
import { report, result } from "../harness/report.mjs";
import * as aws from "./with_aws_sdk.mjs";
import * as minio from "./with_minio.mjs";

const clients = [aws, minio];
const results = [];
for (const { NAME, checks } of clients) {
  const [group] = NAME.split(" ");
  for (const [name, check] of Object.entries(checks)) results.push(await result(group, `${group}: ${name}`, check));
}
report(clients.map(({ NAME }) => NAME).join(", "), "", results);
process.exit();
