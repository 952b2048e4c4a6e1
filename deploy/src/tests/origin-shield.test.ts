// The region of the origin shield.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parseConfig } from "../config";
import { shieldRegion } from "../delivery/origin-shield";
import { shipped } from "./synthesised";

test("the shield is in the deployment's region or the nearest one, unless the configuration says otherwise", () => {
  const check = (changes: Record<string, unknown>, expected: string | undefined): void => {
    assert.equal(shieldRegion(parseConfig(shipped(changes))), expected, JSON.stringify(changes));
  };
  check({}, "us-east-1");
  check({ region: "eu-central-1" }, "eu-central-1");
  check({ region: "eu-north-1" }, "eu-west-2");
  check({ region: "ap-southeast-7" }, undefined);
  check({ region: "eu-north-1", delivery: { originShield: "eu-central-1" } }, "eu-central-1");
  check({ delivery: { originShield: false } }, undefined);
});

test("a shield that is neither a region nor false is refused", () => {
  for (const originShield of [true, "", "Frankfurt", 1]) {
    assert.throws(
      () => parseConfig(shipped({ delivery: { originShield } })),
      /delivery\.originShield: must be false, or a region where CloudFront offers an origin shield/,
    );
  }
});
