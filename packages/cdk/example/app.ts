// An app with a stack of its own: `cdk deploy`. The other stack is a whole deployment, with videos and alarms.
import { TintypeDelivery, TintypeStack, TintypeUploads } from "@tintype/cdk";
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import * as lambda from "aws-cdk-lib/aws-lambda";

const app = new App();
const env = { region: "us-east-1" };

const shop = new Stack(app, "Shop", { env });
const pages = ["https://shop.example.com"];
const delivery = new TintypeDelivery(shop, "Pictures", {
  uploads: true,
  uploadOrigins: pages,
  delivery: { concurrency: 50, requestsPerFiveMinutes: 2000 },
});
const uploads = new TintypeUploads(shop, "Uploads", { delivery, upload: { origins: pages, maxBytes: 20_000_000 } });
const backend = new lambda.Function(shop, "Backend", {
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: "index.handler",
  code: lambda.Code.fromInline("exports.handler = async () => ({ statusCode: 200 });"),
  environment: { PICTURES: delivery.url },
});
// The backend makes sessions for its users.
uploads.sessionSecret?.grantRead(backend);
new CfnOutput(shop, "PicturesUrl", { value: delivery.url });

new TintypeStack(app, "Media", { env, parts: { observability: false }, webhook: { url: "https://shop.example.com/hooks" } });
