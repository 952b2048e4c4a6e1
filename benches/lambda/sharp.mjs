// A Lambda function with sharp that does the same work as the resize function: fetch, resize, store, answer. Its runtime
// client has a few lines, and it has no AWS SDK, so it starts faster than a real function.
import { writeSync } from "node:fs";

import sharp from "sharp";

const { AWS_LAMBDA_RUNTIME_API, TINTYPE_S3_ENDPOINT, TINTYPE_ORIGINALS_BUCKET, TINTYPE_VARIANTS_BUCKET } = process.env;
const invocation = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

// sharp uses one thread, because the function has one processor. On Lambda it would choose the same number.
sharp.concurrency(1);
sharp.cache(false);

async function handle(event) {
  const path = event.rawPath.slice(1);
  const [, key, width] = /^(.*)\/w=(\d+),fm=webp$/.exec(path) ?? [];
  const original = await fetch(`${TINTYPE_S3_ENDPOINT}/${TINTYPE_ORIGINALS_BUCKET}/${key}`);
  const variant = await sharp(Buffer.from(await original.arrayBuffer()))
    .rotate()
    .resize(Number(width), undefined, { withoutEnlargement: true })
    .webp({ quality: 76 })
    .toBuffer();
  await fetch(`${TINTYPE_S3_ENDPOINT}/${TINTYPE_VARIANTS_BUCKET}/${path}`, { method: "PUT", body: variant });
  return {
    statusCode: 200,
    headers: { "content-type": "image/webp" },
    body: variant.toString("base64"),
    isBase64Encoded: true,
  };
}

for (;;) {
  const next = await fetch(`${invocation}/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id");
  try {
    const answer = await handle(await next.json());
    await fetch(`${invocation}/${id}/response`, { method: "POST", body: JSON.stringify(answer) });
  } catch (error) {
    writeSync(2, `${error.stack}\n`);
    await fetch(`${invocation}/${id}/error`, { method: "POST", body: JSON.stringify({ errorMessage: String(error) }) });
  }
}
