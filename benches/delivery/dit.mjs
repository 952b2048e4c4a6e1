// What DIT on Lambda does for a request: fetch the original, convert it with sharp's defaults, answer in Base64, store nothing
// (aws-solutions/dynamic-image-transformation-for-amazon-cloudfront, source/image-handler). Its look-up is the same GET. It has
// no AWS SDK here, so it starts and answers faster than the real function.
import { Agent, request } from "node:http";
import { writeSync } from "node:fs";

import sharp from "sharp";

const { AWS_LAMBDA_RUNTIME_API, TINTYPE_S3_ENDPOINT, TINTYPE_ORIGINALS_BUCKET } = process.env;
const invocation = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const agent = new Agent({ keepAlive: true, noDelay: true });

// The function has less than one processor.
sharp.concurrency(1);
sharp.cache(false);

function fetched(method, url, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: body ? { "content-length": Buffer.byteLength(body) } : {} }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function handle(event) {
  const [, key, width, format] = /^\/(.*)\/w=(\d+),fm=auto\.(\w+)$/.exec(event.rawPath);
  const original = await fetched("GET", `${TINTYPE_S3_ENDPOINT}/${TINTYPE_ORIGINALS_BUCKET}/${key}`);
  // DIT chooses WebP for viewers that accept it, and never AVIF by itself.
  const type = format === "base" ? "jpeg" : "webp";
  const variant = await sharp(original.body).rotate().resize(Number(width), undefined, { withoutEnlargement: true }).toFormat(type).toBuffer();
  return { statusCode: 200, headers: { "content-type": `image/${type}` }, body: variant.toString("base64"), isBase64Encoded: true };
}

for (;;) {
  const next = await fetched("GET", `${invocation}/next`);
  const id = next.headers["lambda-runtime-aws-request-id"];
  try {
    const answer = await handle(JSON.parse(next.body));
    await fetched("POST", `${invocation}/${id}/response`, JSON.stringify(answer));
  } catch (error) {
    writeSync(2, `${error.stack}\n`);
    await fetched("POST", `${invocation}/${id}/error`, JSON.stringify({ errorMessage: String(error) }));
  }
}
