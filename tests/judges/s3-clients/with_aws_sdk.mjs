// The AWS SDK for JavaScript with its defaults: checksums, trailers of streams, uploads in parts.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { load, version } from "../harness/report.mjs";

const sdk = load("@aws-sdk/client-s3");
const { Upload } = load("@aws-sdk/lib-storage");
const { getSignedUrl } = load("@aws-sdk/s3-request-presigner");

export const NAME = version("@aws-sdk/client-s3");

const Bucket = "judged-aws-sdk-js";
const large = randomBytes(20 << 20);
const client = new sdk.S3Client({ endpoint: process.env.S3, forcePathStyle: true, region: process.env.AWS_REGION });

const send = (command, input = {}) => client.send(new sdk[`${command}Command`]({ Bucket, ...input }));

async function content(Key, more = {}) {
  const { Body } = await send("GetObject", { Key, ...more });
  return Buffer.from(await Body.transformToByteArray());
}

const isRefused = (name, promise) => assert.rejects(promise, (error) => error.name === name || assert.fail(String(error)));

export const checks = {
  "a bucket is created": async () => {
    await send("CreateBucket");
    await send("HeadBucket");
  },
  "the default checksum is stored": async () => {
    const { ChecksumCRC32 } = await send("PutObject", { Key: "default", Body: "hello" });
    assert.equal(ChecksumCRC32, "NhCmhg==");
    assert.equal((await send("HeadObject", { Key: "default", ChecksumMode: "ENABLED" })).ChecksumCRC32, ChecksumCRC32);
    assert.equal(String(await content("default")), "hello");
  },
  "a stream is sent with its checksum in a trailer": async () => {
    const Body = Readable.from([large.subarray(0, 100_000), large.subarray(100_000, 300_000)]);
    const { ChecksumCRC32 } = await send("PutObject", { Key: "stream", Body, ContentLength: 300_000 });
    assert.ok(ChecksumCRC32);
    assert.ok((await content("stream")).equals(large.subarray(0, 300_000)));
  },
  "every algorithm is checked": async () => {
    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]) {
      const answer = await send("PutObject", { Key: ChecksumAlgorithm, Body: "hello", ChecksumAlgorithm });
      assert.ok(answer[`Checksum${ChecksumAlgorithm}`], ChecksumAlgorithm);
      assert.equal(String(await content(ChecksumAlgorithm, { ChecksumMode: "ENABLED" })), "hello");
    }
  },
  "a wrong checksum is refused": () =>
    isRefused("BadDigest", send("PutObject", { Key: "wrong", Body: "hello", ChecksumCRC32: "AAAAAA==" })),
  "a stream of unknown length is uploaded in parts": async () => {
    const params = { Bucket, Key: "large", Body: Readable.from([large]), Metadata: { a: "b" }, Tagging: "c=d" };
    const { ETag } = await new Upload({ client, params }).done();
    assert.match(ETag, /-4"$/);
    assert.ok((await content("large")).equals(large));
    assert.deepEqual((await send("HeadObject", { Key: "large" })).Metadata, { a: "b" });
  },
  "an aborted upload leaves nothing": async () => {
    const { UploadId } = await send("CreateMultipartUpload", { Key: "aborted" });
    await send("UploadPart", { Key: "aborted", UploadId, PartNumber: 1, Body: "x" });
    assert.equal((await send("ListParts", { Key: "aborted", UploadId })).Parts.length, 1);
    await send("AbortMultipartUpload", { Key: "aborted", UploadId });
    assert.deepEqual((await send("ListMultipartUploads")).Uploads ?? [], []);
  },
  "an object is copied, whole and in parts": async () => {
    await send("CopyObject", { Key: "copy ü", CopySource: `${Bucket}/default` });
    assert.equal(String(await content("copy ü")), "hello");
    const { UploadId } = await send("CreateMultipartUpload", { Key: "range" });
    const part = { Key: "range", UploadId, PartNumber: 1, CopySource: `${Bucket}/large`, CopySourceRange: "bytes=5-9" };
    const { CopyPartResult } = await send("UploadPartCopy", part);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: CopyPartResult.ETag }] };
    await send("CompleteMultipartUpload", { Key: "range", UploadId, MultipartUpload });
    assert.ok((await content("range")).equals(large.subarray(5, 10)));
  },
  "tags are set, read and deleted": async () => {
    const TagSet = [{ Key: "a", Value: "ü" }];
    await send("PutObjectTagging", { Key: "default", Tagging: { TagSet } });
    assert.deepEqual((await send("GetObjectTagging", { Key: "default" })).TagSet, TagSet);
    await send("DeleteObjectTagging", { Key: "default" });
    assert.deepEqual((await send("GetObjectTagging", { Key: "default" })).TagSet, []);
  },
  "ranges are read": async () => {
    assert.equal(String(await content("default", { Range: "bytes=1-2" })), "el");
    assert.equal(String(await content("default", { Range: "bytes=-2" })), "lo");
    await isRefused("InvalidRange", content("default", { Range: "bytes=9-" }));
  },
  "conditions are evaluated": async () => {
    await isRefused("PreconditionFailed", send("PutObject", { Key: "default", Body: "x", IfNoneMatch: "*" }));
    const isUnmodified = (error) => error.$metadata.httpStatusCode === 304;
    await assert.rejects(send("HeadObject", { Key: "default", IfNoneMatch: "*" }), isUnmodified);
  },
  "listings have pages and common prefixes": async () => {
    for (const Key of ["list/a/1", "list/a/2", "list/b", "list/é &"]) await send("PutObject", { Key, Body: "x" });
    const input = { Bucket, Prefix: "list/", Delimiter: "/" };
    const [prefixes, keys] = [[], []];
    for await (const page of sdk.paginateListObjectsV2({ client, pageSize: 1 }, input)) {
      prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    assert.deepEqual([prefixes, keys], [["list/a/"], ["list/b", "list/é &"]]);
  },
  "versions are listed": async () => {
    const { Versions } = await send("ListObjectVersions", { Prefix: "list/a" });
    assert.deepEqual(Versions.map(({ Key, IsLatest }) => [Key, IsLatest]), [["list/a/1", true], ["list/a/2", true]]);
  },
  "URLs are presigned": async () => {
    const put = await getSignedUrl(client, new sdk.PutObjectCommand({ Bucket, Key: "presigned" }));
    assert.equal((await fetch(put, { method: "PUT", body: "hello" })).status, 200);
    const get = await getSignedUrl(client, new sdk.GetObjectCommand({ Bucket, Key: "presigned" }));
    assert.equal(await (await fetch(get)).text(), "hello");
  },
  "objects are deleted with their bucket": async () => {
    const { Contents } = await send("ListObjectsV2");
    const { Deleted } = await send("DeleteObjects", { Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } });
    assert.equal(Deleted.length, Contents.length);
    await send("DeleteBucket");
    await isRefused("NoSuchBucket", send("ListObjectsV2"));
  },
};
