// The packaged function that fills the key-value store, called as CloudFormation calls it. A local server answers for the
// store, Secrets Manager and CloudFormation.
import assert from "node:assert/strict";
import dns from "node:dns";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { CDN, DEPLOY } from "../cdn";

const STORE = "arn:aws:cloudfront::123456789012:key-value-store/0f0e0d0c-0b0a-0908-0706-050403020100";
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:Link-AbCdEf";

class Aws {
  readonly pairs = new Map<string, string>([["old", "x"]]);
  readonly results: any[] = [];
  readonly algorithms = new Set<string>();
  secret = "0123456789abcdef0123456789abcdef";
  isRejecting = false;
  /** The number of calls that are denied, as long as the role's permissions aren't propagated. */
  denials = 0;
  private version = 1;

  async answer(
    request: IncomingMessage,
  ): Promise<{ status?: number; headers?: Record<string, string>; body?: object }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const url = decodeURIComponent(request.url ?? "");
    if (url === "/cloudformation") {
      this.results.push(JSON.parse(text));
      return {};
    }
    if (this.denials > 0) {
      this.denials -= 1;
      return { status: 400, headers: { "x-amzn-errortype": "AccessDeniedException" }, body: { Message: "not yet" } };
    }
    this.algorithms.add((request.headers.authorization ?? "").split(" ")[0] ?? "");
    if (request.headers["x-amz-target"] === "secretsmanager.GetSecretValue") {
      assert.deepEqual(JSON.parse(text), { SecretId: SECRET });
      return { body: { ARN: SECRET, SecretString: this.secret } };
    }
    const path = url.split("?")[0];
    const headers = { ETag: `V${this.version}` };
    if (request.method === "GET" && path === `/key-value-stores/${STORE}`) {
      return {
        headers,
        body: { KvsARN: STORE, ItemCount: this.pairs.size, TotalSizeInBytes: 1, Created: 1.7e9, Status: "READY" },
      };
    }
    if (request.method === "GET" && path === `/key-value-stores/${STORE}/keys`) {
      return { body: { Items: [...this.pairs].map(([Key, Value]) => ({ Key, Value })) } };
    }
    if (request.method === "POST" && path === `/key-value-stores/${STORE}/keys`) {
      if (this.isRejecting || request.headers["if-match"] !== headers.ETag) {
        return { status: 409, headers: { "x-amzn-errortype": "ConflictException" }, body: { Message: `no: ${text}` } };
      }
      const { Puts, Deletes } = JSON.parse(text);
      assert.ok(Puts.length + Deletes.length <= 50);
      for (const { Key, Value } of Puts) this.pairs.set(Key, Value);
      for (const { Key } of Deletes) this.pairs.delete(Key);
      this.version += 1;
      return { headers: { ETag: `V${this.version}` }, body: { ItemCount: this.pairs.size, TotalSizeInBytes: 1 } };
    }
    return { status: 404, body: { Message: `no such thing: ${request.method} ${url}` } };
  }
}

const aws = new Aws();
let server: Server;
const pauses: number[] = [];
let call: (RequestType: string) => Promise<any>;

before(async () => {
  server = createServer((request, response) => {
    aws.answer(request).then(
      ({ status = 200, headers = {}, body = {} }) => {
        response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
      },
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  // The store's client adds the account to the host: <account>.localhost, which not every resolver supports.
  dns.lookup = ((_host: string, options: { all?: boolean }, done: (...found: unknown[]) => void) =>
    options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4)) as typeof dns.lookup;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://localhost:${port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    AWS_MAX_ATTEMPTS: "1",
  });
  const { clock, handler } = require(join(DEPLOY, "dist/fill-bundle/index.js")) as {
    clock: { pause: (milliseconds: number) => Promise<void> };
    handler: (event: object) => Promise<void>;
  };
  clock.pause = async (milliseconds) => void pauses.push(milliseconds);
  call = async (RequestType) => {
    await handler({
      RequestType,
      ResponseURL: `${url}/cloudformation`,
      StackId: "stack",
      RequestId: "request",
      LogicalResourceId: "Data",
      ResourceProperties: { ServiceToken: "arn", Store: STORE, LinkSecret: SECRET },
    });
    return aws.results.pop();
  };
});

after(() => server.close());

test("the store gets the policy and the secret, in calls that are signed for every region", async () => {
  const result = await call("Create");
  assert.deepEqual(
    [result.Status, result.PhysicalResourceId, result.LogicalResourceId],
    ["SUCCESS", STORE, "Data"],
    result.Reason,
  );
  const expected = new Map([...CDN.keyValues.map(({ key, value }) => [key, value] as const), ["signing", aws.secret]]);
  assert.deepEqual(aws.pairs, expected);
  assert.ok(aws.algorithms.has("AWS4-ECDSA-P256-SHA256"), [...aws.algorithms].join());
});

test("a changed secret is written to the store", async () => {
  aws.secret = "fedcba9876543210fedcba9876543210,0123456789abcdef0123456789abcdef";
  assert.equal((await call("Update")).Status, "SUCCESS");
  assert.equal(aws.pairs.get("signing"), aws.secret);
});

test("the function tries again with growing pauses while IAM propagates its permissions", async () => {
  pauses.length = 0;
  aws.denials = 3;
  aws.secret = "a secret that is written at the fourth attempt";
  assert.equal((await call("Update")).Status, "SUCCESS");
  assert.equal(aws.pairs.get("signing"), aws.secret);
  assert.deepEqual(pauses, [1_000, 2_000, 4_000]);
});

test("an error is reported to CloudFormation without the rejected values", async () => {
  aws.isRejecting = true;
  aws.secret = "another secret that must not be reported";
  const result = await call("Update");
  assert.equal(result.Status, "FAILED");
  assert.match(result.Reason, /ConflictException/);
  assert.ok(!JSON.stringify(result).includes(aws.secret));
});

test("a secret with an empty or short part is never written, and the reason is reported without the secret", async () => {
  aws.isRejecting = false;
  const long = "0123456789abcdef0123456789abcdef";
  aws.pairs.set("signing", long);
  for (const secret of [`${long},`, `,${long}`, "", "abcde", `${long},${long},${long}`, `${long},${"a".repeat(257)}`]) {
    aws.secret = secret;
    const result = await call("Update");
    assert.equal(result.Status, "FAILED", secret);
    assert.match(result.Reason, /secret of signed links/);
    assert.ok(secret === "" || !JSON.stringify(result).includes(secret), secret);
    assert.equal(aws.pairs.get("signing"), long, secret);
  }
  aws.secret = `${long} , ${long}\n`;
  assert.equal((await call("Update")).Status, "SUCCESS");
  assert.equal(aws.pairs.get("signing"), `${long},${long}`);
});

test("the deletion of a stack changes nothing in the store", async () => {
  const before = new Map(aws.pairs);
  assert.equal((await call("Delete")).Status, "SUCCESS");
  assert.deepEqual(aws.pairs, before);
});
