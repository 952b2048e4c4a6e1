import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { z } from "zod";

import { DEPLOY } from "../cdn";
import { configSchema, parseConfig } from "../config";
import { ConfigError } from "../schema";
import { tintype } from "../tintype";
import { shipped } from "./synthesised";

const zone = { id: "Z123", name: "example.com" };

test("the shipped configuration is read", () => {
  const config = parseConfig(shipped());
  assert.equal(config.stackName, "Tintype");
  assert.deepEqual(config.parts, { delivery: true, upload: true, video: true, library: false, observability: true });
  assert.equal(config.delivery.memoryMegabytes, 1769);
  assert.ok((config.delivery.concurrency ?? 0) >= 2 * 100, "a page may have a hundred new pictures");
});

test("an error names the member's path and the allowed values", () => {
  const check = (changes: Record<string, unknown>, expected: RegExp): void => {
    assert.throws(() => parseConfig(shipped(changes)), { constructor: ConfigError, message: expected });
  };
  check({ region: "Frankfurt" }, /^region: must be a region such as eu-central-1$/);
  check({ architecture: "riscv" }, /^architecture: must be one of x86_64, arm64$/);
  check({ parts: { video: "yes" } }, /^parts.video: must be true or false$/);
  check({ parts: { audio: true } }, /^parts.audio: is unknown; the known ones are delivery, upload, video, library, observability$/);
  check(
    { delivery: { memoryMegabytes: 100.5 } },
    /^delivery.memoryMegabytes: must be a whole number from 128 to 10240$/,
  );
  check({ delivery: { domain: { name: "cdn.example.com" } } }, /^delivery.domain: needs a hostedZone/);
  check(
    { delivery: { domain: { name: "https://cdn.example.com", hostedZone: zone } } },
    /^delivery.domain.name: must be a name such as/,
  );
  check(
    {
      delivery: {
        domain: { name: "cdn.example.com", certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/a" },
      },
    },
    /us-east-1, where CloudFront looks/,
  );
  check(
    { upload: { authentication: { kind: "jwt", issuer: "https://issuer.example" } } },
    /^upload.authentication.audience: must be/,
  );
  check({ upload: { authentication: { kind: "open", secret: "x" } } }, /^upload.authentication.secret: is unknown/);
  check({ upload: { origins: ["example.com"] } }, /^upload.origins: must be a list of origins/);
  check({ upload: { concurrency: 0 } }, /^upload.concurrency: must be a whole number from 1/);
  check({ observability: { logDays: 31 } }, /^observability.logDays: must be one of 1, 3/);
  check({ parts: { delivery: false } }, /^publicUrl: must be set if uploads are deployed without delivery/);
  check({ publicUrl: "https://cdn.example.com" }, /^publicUrl: must not be set if delivery is deployed/);
  check({ parts: { library: true, upload: false } }, /^parts.library: needs parts.upload: the signer lists/);
  check({ webhook: {} }, /^webhook.url: must be a URL such as https:/);
  check({ webhook: { url: "http://app.example.com" } }, /^webhook.url: must be a URL such as https:/);
  check({ webhook: { url: "https://app.example.com", secret: "x" } }, /^webhook.secret: is unknown/);
  const webhook = { url: "https://app.example.com/hook" };
  check({ webhook, parts: { upload: false, video: false } }, /^webhook: needs parts.upload or parts.video/);
  check({ webhook, parts: { upload: false, delivery: false } }, /^publicUrl: must be set for a webhook/);
  check({ colour: "blue" }, /^colour: is unknown; the known ones are/);
});

test("an error lists every mistake", () => {
  assert.throws(() => parseConfig(shipped({ region: "Frankfurt", upload: { burst: 0 }, colour: "blue" })), {
    constructor: ConfigError,
    message: /^region: must be .*\nupload.burst: must be .*\ncolour: is unknown; .*$/,
  });
});

test("a configuration that is not an object is rejected", () => {
  for (const value of [null, [], "x", 1]) assert.throws(() => parseConfig(value), /must be an object/);
});

test("a concurrency of null reserves nothing", () => {
  assert.equal(parseConfig(shipped({ delivery: { concurrency: null } })).delivery.concurrency, undefined);
});

test("synthesis rejects a function with less memory than the policy needs", () => {
  const synthesise = (memoryMegabytes: number) => tintype(parseConfig(shipped({ delivery: { memoryMegabytes } })));
  assert.throws(() => synthesise(1763), /delivery.memoryMegabytes: must be at least 1764/);
  synthesise(1764);
});

test("the page on deploying names every member", () => {
  const page = readFileSync(join(DEPLOY, "../docs/deploy.md"), "utf8");
  const names = (name: string) => assert.ok(page.includes(`\`${name}\``), `docs/deploy.md doesn't name ${name}`);
  const { properties } = z.toJSONSchema(configSchema, { unrepresentable: "any" });
  assert.ok(properties);
  for (const [name, member] of Object.entries(properties)) {
    if (typeof member !== "object" || !member.properties) names(name);
    else for (const one of Object.keys(member.properties)) names(name === "parts" ? one : `${name}.${one}`);
  }
});
