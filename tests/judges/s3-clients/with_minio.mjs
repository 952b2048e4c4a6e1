// The MinIO client for JavaScript.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { load, version } from "../harness/report.mjs";

const minio = load("minio");

export const NAME = version("minio").replace("minio", "minio-js");

const bucket = "judged-minio-js";
const large = randomBytes(20 << 20);
const { S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION } = process.env;
const { hostname, port } = new URL(S3);
const client = new minio.Client({
  endPoint: hostname,
  port: Number(port),
  useSSL: false,
  accessKey: AWS_ACCESS_KEY_ID,
  secretKey: AWS_SECRET_ACCESS_KEY,
  region: AWS_REGION,
  partSize: 5 << 20,
});

const content = async (key) => buffer(await client.getObject(bucket, key));

const names = async (prefix, isRecursive, options) => {
  const found = [];
  for await (const one of client.listObjects(bucket, prefix, isRecursive, options)) found.push(one.name ?? one.prefix);
  return found;
};

export const checks = {
  "a bucket is made": async () => {
    await client.makeBucket(bucket);
    assert.equal(await client.bucketExists(bucket), true);
    assert.equal(await client.bucketExists("judged-nothing"), false);
  },
  "an object is stored with its headers": async () => {
    await client.putObject(bucket, "small ü", "hello", 5, { "Content-Type": "text/plain", "X-Amz-Meta-A": "b" });
    const { size, metaData } = await client.statObject(bucket, "small ü");
    assert.deepEqual([size, metaData["content-type"], metaData.a], [5, "text/plain", "b"]);
    assert.equal(String(await content("small ü")), "hello");
  },
  "a stream of unknown length is stored in parts": async () => {
    await client.putObject(bucket, "large", Readable.from([large.subarray(0, 7 << 20), large.subarray(7 << 20)]));
    assert.match((await client.statObject(bucket, "large")).etag, /-\d+$/);
    assert.ok((await content("large")).equals(large));
  },
  "ranges are read": async () => {
    assert.equal(String(await buffer(await client.getPartialObject(bucket, "small ü", 1, 2))), "el");
    assert.equal(String(await buffer(await client.getPartialObject(bucket, "small ü", 3))), "lo");
  },
  "objects are copied and composed": async () => {
    await client.copyObject(bucket, "copy", `/${bucket}/large`);
    assert.ok((await content("copy")).equals(large));
    // In parts the client doesn't encode the source's key, so one with other characters than ASCII has a wrong signature.
    await client.putObject(bucket, "small", "hello");
    const source = (Object) => new minio.CopySourceOptions({ Bucket: bucket, Object });
    const target = new minio.CopyDestinationOptions({ Bucket: bucket, Object: "composed" });
    await client.composeObject(target, [source("large"), source("small")]);
    assert.ok((await content("composed")).equals(Buffer.concat([large, Buffer.from("hello")])));
  },
  "tags are set, read and deleted": async () => {
    await client.setObjectTagging(bucket, "copy", { a: "b" });
    assert.deepEqual(await client.getObjectTagging(bucket, "copy"), [{ Key: "a", Value: "b" }]);
    await client.removeObjectTagging(bucket, "copy");
    assert.deepEqual(await client.getObjectTagging(bucket, "copy"), []);
  },
  "listings have prefixes": async () => {
    await client.putObject(bucket, "folder/one", "1");
    await client.putObject(bucket, "folder/two", "2");
    assert.deepEqual((await names("", false)).sort(), ["composed", "copy", "folder/", "large", "small", "small ü"]);
    assert.deepEqual(await names("folder/", true), ["folder/one", "folder/two"]);
  },
  "versions are listed": async () => {
    assert.deepEqual(await names("folder/", true, { IncludeVersion: true }), ["folder/one", "folder/two"]);
  },
  "presigned URLs and forms work": async () => {
    const put = await client.presignedPutObject(bucket, "presigned");
    assert.equal((await fetch(put, { method: "PUT", body: "hello" })).status, 200);
    assert.equal(await (await fetch(await client.presignedGetObject(bucket, "presigned"))).text(), "hello");
    const policy = client.newPostPolicy();
    policy.setBucket(bucket);
    policy.setKey("posted");
    policy.setContentLengthRange(1, 10);
    const { postURL, formData } = await client.presignedPostPolicy(policy);
    const form = new FormData();
    for (const [name, value] of Object.entries(formData)) form.append(name, value);
    form.append("file", new Blob(["hello"]));
    assert.equal((await fetch(postURL, { method: "POST", body: form })).status, 204);
    assert.equal(String(await content("posted")), "hello");
  },
  "objects are removed with their bucket": async () => {
    await client.removeObjects(bucket, await names("", true));
    await client.removeBucket(bucket);
    assert.equal(await client.bucketExists(bucket), false);
  },
};
