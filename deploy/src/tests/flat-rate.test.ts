// A distribution that CloudFront's flat-rate plans accept.
import assert from "node:assert/strict";
import { test } from "node:test";

import { CDN } from "../cdn";
import { parseConfig } from "../config";
import { resources, shipped, template } from "./synthesised";

const flatRate = { delivery: { flatRatePlan: true, requestsPerFiveMinutes: 5000 } };

test("a flat-rate plan gets AWS's own cache policies and a firewall", () => {
  const flat = template(flatRate);
  assert.equal(resources(flat, "AWS::CloudFront::CachePolicy").length, 0);
  const [distribution] = resources(flat, "AWS::CloudFront::Distribution");
  const { CacheBehaviors, WebACLId } = distribution?.Properties.DistributionConfig;
  assert.ok(WebACLId);
  const policies = new Set(CacheBehaviors.map(({ CachePolicyId }: { CachePolicyId: unknown }) => CachePolicyId));
  // CachingOptimizedForUncompressedObjects, CachingOptimized and CachingDisabled.
  const managed = [
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
    "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  ];
  assert.deepEqual(policies, new Set(managed));
});

test("AWS's cache policies have the lifetimes of the built-in policy, except for the shortest one", () => {
  assert.deepEqual([CDN.cache.defaultSeconds, CDN.cache.maxSeconds, CDN.cache.keyHeaders], [86_400, 31_536_000, []]);
});

test("a flat-rate plan without a firewall is refused", () => {
  assert.throws(
    () => parseConfig(shipped({ delivery: { flatRatePlan: true } })),
    /delivery\.requestsPerFiveMinutes: must be set with delivery\.flatRatePlan/,
  );
});
